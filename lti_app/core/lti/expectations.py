"""What a launch could have told us and did not: the launch works without it, and somebody will ask
why names, courses or grades are missing (LTI-G06 to LTI-G09, D2L-4, MOODLE-17, SAKAI-5)."""

from collections.abc import Mapping
from typing import Any

from lti_app.core.lti import claims as c

_NAMES = ("name", "given_name", "family_name")


def find_missing(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Of "names", "email", "context", "grades", "roster" those that `claims` do not have.

    `claims` may be those of the launch log: a hidden value is one that came.
    """
    if not claims:
        return ()
    has = {
        "names": any(claims.get(name) for name in _NAMES),
        "email": bool(claims.get("email")),
        "context": bool(c.part(claims, c.CONTEXT).get("id")),
        "grades": bool(c.strings(c.part(claims, c.AGS_ENDPOINT).get("scope"))),
        "roster": bool(c.part(claims, NRPS).get("context_memberships_url")),
    }
    return tuple(what for what, came in has.items() if not came)


NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


def list_services(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """What the platform offers, by the last word of each scope: "lineitem", "score" …; "roster"."""
    scopes = c.strings(c.part(claims, c.AGS_ENDPOINT).get("scope"))
    roster = ("roster",) if c.part(claims, NRPS) else ()
    return (*(scope.rpartition("/")[2] for scope in scopes), *roster)
