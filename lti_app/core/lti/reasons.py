"""Every reason for which a login or launch is refused: code, HTTP status, who can mend it.

The codes are those of the rules LTI-B and LTI-A (docs/rules.md), plus ours. What a page says in
words for each code stands in lti_app/views/lti_pages.py, because those texts are translated.
"""

STATUSES = {
    # the platform's answer, as a whole
    "platform_error": 400,
    "id_token_in_query": 400,
    "id_token_missing": 400,
    "token_too_large": 400,
    "token_malformed": 400,
    "claim_duplicate": 400,
    # login
    "login_invalid": 400,
    "issuer_unknown": 400,
    "client_unknown": 400,
    "registration_ambiguous": 400,
    "registration_disabled": 401,
    # state
    "state_missing": 400,
    "state_unknown": 401,
    "state_mismatch": 401,
    "state_expired": 401,
    "state_reused": 401,
    # header and signature
    "alg_forbidden": 401,
    "kid_missing": 401,
    "kid_unknown": 401,
    "key_set_unavailable": 401,
    "signature_invalid": 401,
    # who and for whom
    "issuer_mismatch": 401,
    "audience_invalid": 401,
    "azp_missing": 401,
    "azp_invalid": 401,
    # time and nonce
    "token_expired": 401,
    "token_not_yet_valid": 401,
    "nonce_missing": 401,
    "nonce_unknown": 401,
    "nonce_expired": 401,
    "nonce_replayed": 401,
    # message
    "not_lti": 400,
    "version_missing": 400,
    "version_invalid": 400,
    "message_type_missing": 400,
    "message_type_unsupported": 400,
    "deployment_missing": 400,
    "sub_missing": 400,
    "roles_missing": 400,
    "resource_link_missing": 400,
    "claim_missing": 400,
    "claim_invalid": 400,
    "target_link_mismatch": 400,
    "target_link_foreign": 400,
    # our side
    "deployment_unknown": 401,
    "deployment_disabled": 401,
    "user_disabled": 401,
    "role_not_allowed": 401,
    # accepted launches that cannot open anything
    "content_missing": 404,
    "content_unknown": 404,
    "content_unplayable": 404,
    "review_nothing": 404,
}
"""Reason code to HTTP status; guide: a refused launch answers 400 or 401."""


class Refusal(Exception):
    """A login or launch that must not work.

    `code` is a key of STATUSES; `detail` is for the administrator's log (what was found, what was
    expected: no secret, no personal data). LTI-P4.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @property
    def status_hint(self) -> int:
        return STATUSES[self.code]

    @property
    def log_code(self) -> str:
        """The code as the rules write it: `claim_missing:<name>`, `platform_error:<code>`."""
        if self.code in ("claim_missing", "platform_error") and self.detail:
            return f"{self.code}:{self.detail}"
        return self.code
