"""What an administrator does about each reason of the launch log, in a sentence or two."""

from flask_babel import lazy_gettext as _l

_COMPARE = _l("Compare issuer and client id here with those that the platform shows.")
_DEFECT = _l(
    "The platform sent a message that breaks the standard. Keep the detail for its support; "
    "an update of the platform often helps."
)
_COOKIES = _l(
    "The browser did not bring its cookie back: cookies are blocked, the page was reloaded, or the "
    "activity was opened in another browser. Opening it in a new window works."
)
_CLOCK = _l(
    "The clocks of the two servers differ, or the message was long on its way. Check both clocks "
    "(the skew is in this row); the leeway can be raised to 300 seconds per platform."
)
_REOPENED = _l("Somebody reloaded or went back. Opening the activity again from the course works.")

HINTS: dict[str, object] = {
    "platform_error": _l("The platform itself refused; its error stands in the detail."),
    "issuer_unknown": _l("Register this platform under Platforms, with exactly this issuer."),
    "client_unknown": _COMPARE,
    "registration_ambiguous": _l(
        "Several registrations share this issuer: let the platform send client_id with the login."
    ),
    "registration_disabled": _l("Switch the registration on again if this was not meant."),
    "issuer_mismatch": _COMPARE,
    "audience_invalid": _COMPARE,
    "azp_missing": _COMPARE,
    "azp_invalid": _COMPARE,
    "state_missing": _COOKIES,
    "state_unknown": _COOKIES,
    "state_mismatch": _COOKIES,
    "state_expired": _REOPENED,
    "state_reused": _REOPENED,
    "nonce_replayed": _REOPENED,
    "nonce_expired": _REOPENED,
    "token_expired": _CLOCK,
    "token_not_yet_valid": _CLOCK,
    "alg_forbidden": _l("Only RS256 is accepted: change the platform's signing algorithm."),
    "kid_missing": _l("The platform's token names no key (old Open edX did so): update it."),
    "kid_unknown": _l(
        "The platform's key set does not have the key that signed: check its key set address here."
    ),
    "key_set_unavailable": _l(
        "The platform's key set could not be read: check its address, and this server's way out."
    ),
    "signature_invalid": _l(
        "Signed by another key than the platform publishes: check its key set address here."
    ),
    "deployment_unknown": _l("Approve this deployment under Platforms if you expect it."),
    "deployment_disabled": _l("Approve this deployment under Platforms if it may launch again."),
    "user_disabled": _l("Let the person in again under People if this was not meant."),
    "target_link_foreign": _l(
        "The activity's address at the platform is not ours: correct it there."
    ),
    "target_link_mismatch": _l("Login and launch name different addresses: correct it there."),
    "message_type_unsupported": _l("Only resource links are played today."),
    "content_missing": _l("Add the custom parameter sc_item=<key of a package> to the activity."),
    "content_unknown": _l("No package has this key, or it is archived: compare sc_item there."),
    "content_unplayable": _l("The package is stored, but there is no player for its standard yet."),
    "resource_link_missing": _l(
        "The platform hides the resource link (Brightspace: tick “Link information”)."
    ),
}
"""By reason code of `lti_app.core.lti.reasons`; all others are the platform's defects."""


def hint(code: str) -> str:
    """What to do about `code`; nothing for an empty one."""
    return str(HINTS.get(code.partition(":")[0], _DEFECT)) if code else ""
