"""What an administrator does about each reason of the launch log, in a sentence or two; and about
what a platform could tell and does not."""

from collections.abc import Iterable

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
        "The platform hides the resource link (Brightspace: tick “Link information”; Blackboard: "
        "the setting LTI_WITHOUT_LINK of this server takes such launches)."
    ),
}
"""By reason code of `lti_app.core.lti.reasons`; all others are the platform's defects."""


def hint(code: str) -> str:
    """What to do about `code`; nothing for an empty one."""
    return str(HINTS.get(code.partition(":")[0], _DEFECT)) if code else ""


MISSING: dict[str, object] = {
    "names": _l("Names did not come: people appear under a pseudonym."),
    "email": _l("E-mail addresses did not come: nobody can be told anything by mail."),
    "context": _l("The course did not come: there is no list of its people and no grade service."),
    "grades": _l("The grade service is not offered: no grade can be sent."),
    "roster": _l("The list of the course's people is not offered: who has not begun is not known."),
}
"""By word of lti_app.core.lti.expectations.find_missing."""

_MOODLE_PRIVACY = _l("Moodle: External tool › the tool › Privacy.")
_MOODLE_SERVICES = _l("Moodle: External tool › the tool › Services.")
_CANVAS_PRIVACY = _l("Canvas: Developer key › Privacy level “Public”.")
_CANVAS_SCOPES = _l("Canvas: Developer key › the scopes of this service.")
_BLACKBOARD = _l("Blackboard: LTI Tool Providers › the tool › “User Fields to Send”.")
_BLACKBOARD_SERVICES = _l("Blackboard: LTI Tool Providers › the tool › services allowed.")
_D2L_USER = _l("Brightspace: deployment › Security Settings › tick “User Information”.")
_SAKAI = _l("Sakai: External Tools › the tool › what is sent and which services it may use.")

WHERE: dict[str, dict[str, object]] = {
    "moodle": {
        "names": _MOODLE_PRIVACY,
        "email": _MOODLE_PRIVACY,
        "grades": _MOODLE_SERVICES,
        "roster": _MOODLE_SERVICES,
    },
    "canvas": {
        "names": _CANVAS_PRIVACY,
        "email": _CANVAS_PRIVACY,
        "grades": _CANVAS_SCOPES,
        "roster": _CANVAS_SCOPES,
    },
    "blackboard": {
        "names": _BLACKBOARD,
        "email": _BLACKBOARD,
        "grades": _BLACKBOARD_SERVICES,
        "roster": _BLACKBOARD_SERVICES,
    },
    "brightspace": {
        "names": _D2L_USER,
        "email": _D2L_USER,
        "context": _l("Brightspace: deployment › Security Settings › tick “Org Unit Information”."),
        "grades": _l("Brightspace: deployment › Extensions › Assignment and Grade Services."),
        "roster": _l("Brightspace: deployment › Extensions › Names and Role Provisioning."),
    },
    "sakai": {"names": _SAKAI, "email": _SAKAI, "grades": _SAKAI, "roster": _SAKAI},
}
"""Product family to the place where the missing thing is switched on (D2L-4)."""


def advise(missing: Iterable[str], family: str) -> list[tuple[str, str]]:
    """(what is missing, where it is switched on in this product or "")."""
    where = WHERE.get(family, {})
    return [(str(MISSING[what]), str(where.get(what, ""))) for what in missing]
