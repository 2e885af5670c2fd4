"""What pages of Dynamic Registration say: per reason what happened and how to mend it, per product
what is left to do there, per scope and message what it is for."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from lti_app.core.ags import SCOPE


@dataclass(frozen=True)
class Text:
    """What happened, in one line and in two, and what to do."""

    title: object
    happened: object
    advice: object


_NEW_LINK = _l("Ask an administrator of Lectern for a new link, under Platforms › Connect.")
_PLATFORM_SIDE = _l(
    "Look at the address and the answer below; the administrator of the learning platform can mend "
    "this. The link still works: try again afterwards."
)
_TRY_AGAIN = _l("The link still works: try again, from the learning platform, in a minute.")
_BY_HAND = _l(
    "Register by hand instead: Lectern, Platforms › Connect shows each step and every value."
)

TEXTS: dict[str, Text] = {
    "link_unknown": Text(
        _l("This registration link is not known here"),
        _l("A part of the address may be missing, or it belongs to another Lectern."),
        _l("Copy the whole link again. It is shown once only; if it is lost, make a new one."),
    ),
    "link_expired": Text(
        _l("This registration link is over"), _l("It was good for a limited time."), _NEW_LINK
    ),
    "link_used": Text(
        _l("This registration link has been used"),
        _l("Each link registers one platform, once. Nothing was changed now."),
        _NEW_LINK,
    ),
    "link_cancelled": Text(
        _l("This registration link was taken back"),
        _l("An administrator of Lectern cancelled it."),
        _NEW_LINK,
    ),
    "link_busy": Text(
        _l("This registration is already under way"),
        _l("Somebody pressed the button a moment ago, perhaps in another window."),
        _l("Wait two minutes. If nothing has appeared in the learning platform, try again."),
    ),
    "configuration_url_missing": Text(
        _l("This link is for a learning platform"),
        _l("It was opened by hand, so no platform came along with it."),
        _l(
            "Copy the address of this page and paste it where your learning platform asks for a "
            "tool's registration address. It will open this page again."
        ),
    ),
    "configuration_url_unsafe": Text(
        _l("The platform's address cannot be used"),
        _l("It must begin with https:// and name a host, without a user name."),
        _PLATFORM_SIDE,
    ),
    "configuration_unreachable": Text(
        _l("The learning platform did not answer"),
        _l("Lectern's server asked for its configuration and got none."),
        _l(
            "Check that the platform can be reached from the internet. On an intranet the "
            "operator of Lectern allows it with the setting PRIVATE_PLATFORMS."
        ),
    ),
    "configuration_redirected": Text(
        _l("The platform's configuration has moved"),
        _l("Its address leads on to another one, which is not followed."),
        _PLATFORM_SIDE,
    ),
    "configuration_refused": Text(
        _l("The learning platform did not show its configuration"),
        _l("It answered with an error. Its registration token may have run out."),
        _l("Begin again in the learning platform: it then sends a fresh token."),
    ),
    "configuration_malformed": Text(
        _l("The platform's configuration cannot be read"),
        _l("What lies at its address is no JSON object."),
        _PLATFORM_SIDE,
    ),
    "configuration_incomplete": Text(
        _l("The platform's configuration is not complete"),
        _l("It lacks the member named below."),
        _BY_HAND,
    ),
    "issuer_mismatch": Text(
        _l("The configuration belongs to another platform"),
        _l("Its issuer is on another host than the configuration itself, so it is not believed."),
        _l(
            "The administrator of the platform should correct its issuer (platform id). "
            "If that is not possible, register by hand."
        ),
    ),
    "address_unsafe": Text(
        _l("An address of the platform cannot be used"),
        _l("Every address must begin with https://."),
        _PLATFORM_SIDE,
    ),
    "algorithm_unsupported": Text(
        _l("The platform cannot speak to us securely"),
        _l("It does not offer what LTI 1.3 requires: RS256 signatures and private_key_jwt."),
        _PLATFORM_SIDE,
    ),
    "registration_unreachable": Text(
        _l("The learning platform broke off"),
        _l("It got our registration, or not: no answer came."),
        _l("Look into the platform's list of tools. Remove a half-made one there, then try again."),
    ),
    "registration_redirected": Text(
        _l("The platform's registration address has moved"),
        _l("It leads on to another one, which is not followed."),
        _PLATFORM_SIDE,
    ),
    "registration_refused": Text(
        _l("The learning platform refused the registration"),
        _l("Its own words are below. Nothing was changed here."),
        _l(
            "A tool of the same address may be registered there already: update or remove it, then "
            "try again. If the token has run out, begin again in the learning platform."
        ),
    ),
    "registration_malformed": Text(
        _l("The platform's answer cannot be read"),
        _l("It may have registered us, but its answer is no JSON object."),
        _BY_HAND,
    ),
    "client_id_missing": Text(
        _l("The platform gave us no client id"),
        _l("Without it nobody can be launched."),
        _BY_HAND,
    ),
    "registration_taken": Text(
        _l("Another school on this server has this registration"),
        _l("The platform gave us an issuer and client id that are in use."),
        _l("Remove the new tool in the learning platform and begin again."),
    ),
    "registration_unusable": Text(
        _l("The platform's answer cannot be used"),
        _l("It registered us, but a value of its answer does not fit."),
        _BY_HAND,
    ),
}
"""By reason code (lti_app.core.lti.registration_reasons)."""

NEXT_STEPS: dict[str, tuple[object, ...]] = {
    "moodle": (
        _l("Moodle now lists the tool as “Pending”. An administrator must press Activate on it."),
        _l("To show it in the activity chooser, switch it on: course › More › LTI External tools."),
    ),
    "canvas": (
        _l("Canvas now shows a summary. Keep the permissions and placements, and install it."),
        _l("Switch the new app or developer key on, then add it to your account."),
    ),
    "brightspace": (
        _l("Brightspace registers tools switched off. Enable it under Manage Extensibility."),
        _l(
            "Make a deployment for your org units. Tick the extensions, and under Security "
            "Settings: Org Unit Information, User Information, Link Information."
        ),
    ),
    "blackboard": (
        _l(
            "The school's administrator now enters the client id: Administrator Panel › "
            "Integrations › LTI Tool Providers › Register LTI 1.3/Advantage Tool."
        ),
        _l("The deployment that it shows waits here for your approval at its first launch."),
    ),
    "sakai": (
        _l("Save the tool in Sakai; switch on “Send name”, “Send email” and the services."),
        _l("Allow it to be chosen in the lessons and assignments of sites."),
    ),
    "generic": (
        _l("If your platform asks for it, switch the tool on and allow it in your courses."),
    ),
}
"""By product family: what an administrator still has to do there (MOODLE-14, D2L-4)."""

SCOPE_TEXTS = {
    f"{SCOPE}lineitem": _l("Make columns in the gradebook for graded content"),
    f"{SCOPE}lineitem.readonly": _l("Find its columns in the gradebook"),
    f"{SCOPE}result.readonly": _l("Read back the grades in its columns"),
    f"{SCOPE}score": _l("Send grades"),
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly": _l(
        "Read who takes part in a course that uses it"
    ),
}
MESSAGE_TEXTS = {
    "LtiResourceLinkRequest": _l("Open content in a course"),
    "LtiDeepLinkingRequest": _l("Choose content while a course is edited"),
    "LtiSubmissionReviewRequest": _l("Open a learner's attempt from the gradebook"),
}
PRIVACY_TEXTS = {
    "public": _l("Name and e-mail address"),
    "name_only": _l("Name"),
    "email_only": _l("E-mail address"),
    "anonymous": _l("Neither name nor e-mail address"),
}
