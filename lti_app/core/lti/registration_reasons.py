"""Every reason for which a registration that a platform began does not come about.

What a page says in words for each stands in lti_app/views/registration_texts.py, because those
texts are translated; a test compares the two.
"""

STATUSES = {
    # the link
    "link_unknown": 404,
    "link_expired": 410,
    "link_used": 410,
    "link_cancelled": 410,
    "link_busy": 409,
    # the platform's configuration
    "configuration_url_missing": 400,
    "configuration_url_unsafe": 422,
    "configuration_unreachable": 502,
    "configuration_redirected": 502,
    "configuration_refused": 502,
    "configuration_malformed": 502,
    "configuration_incomplete": 422,
    "issuer_mismatch": 422,
    "address_unsafe": 422,
    "algorithm_unsupported": 422,
    # the platform's answer to our registration
    "registration_unreachable": 502,
    "registration_redirected": 502,
    "registration_refused": 502,
    "registration_malformed": 502,
    "client_id_missing": 502,
    # our side
    "registration_taken": 409,
    "registration_unusable": 422,
}
"""Reason code to the HTTP status of our page."""


class RegistrationProblem(Exception):
    """A registration that cannot go on.

    `code` is a key of STATUSES; `detail` says what exactly; `said` and `status` are the platform's
    own answer, where there is one. None of them may hold a token.
    """

    def __init__(
        self, code: str, detail: str = "", *, said: str = "", status: int | None = None
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.said = said
        self.status = status

    @property
    def status_hint(self) -> int:
        return STATUSES[self.code]
