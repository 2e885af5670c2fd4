"""LtiSubmissionReviewRequest: a teacher looks at one person's work in one link.

Source: LTI Submission Review 1.0, section 3 (the message): `for_user` names whose work it is.
The claim of the grade service, which the specification wants, is not needed here and not every
platform sends it (moodle.md 3), so it is not asked for.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from lti_app.core.lti import claims as c
from lti_app.core.lti.reasons import Refusal

ASKED_ATTEMPT = "sc_attempt"
FOR_USER = "https://purl.imsglobal.org/spec/lti/claim/for_user"


def read_for_user(claims: Mapping[str, Any]) -> str:
    """The platform's id (`sub`) of the person whose work is looked at; raises Refusal."""
    if not c.part(claims, FOR_USER):
        raise Refusal("claim_missing", "for_user")
    user_id = c.text(c.part(claims, FOR_USER).get("user_id"), 255)
    if not user_id:
        raise Refusal("claim_invalid", "for_user.user_id must name a person")
    return user_id


def read_asked_attempt(target_link_uri: str) -> UUID | None:
    """The attempt that the address of a launch names, where it is the address that went with a
    score (CANVAS-27: SpeedGrader opens it); None where it names none."""
    asked = parse_qs(urlsplit(target_link_uri).query).get(ASKED_ATTEMPT, [""])[0]
    try:
        return UUID(asked)
    except ValueError:
        return None
