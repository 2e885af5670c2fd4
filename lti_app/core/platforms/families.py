"""The product families we know, by code."""

from lti_app.core.ags import Answer, Verdict, classify
from lti_app.core.platforms.blackboard import BLACKBOARD
from lti_app.core.platforms.brightspace import BRIGHTSPACE
from lti_app.core.platforms.canvas import CANVAS
from lti_app.core.platforms.family import Family
from lti_app.core.platforms.generic import GENERIC
from lti_app.core.platforms.moodle import MOODLE
from lti_app.core.platforms.sakai import SAKAI

FAMILIES: dict[str, Family] = {
    family.code: family for family in (MOODLE, CANVAS, BLACKBOARD, BRIGHTSPACE, SAKAI, GENERIC)
}


def get_family(code: str) -> Family:
    """The family called `code`, else the generic one."""
    return FAMILIES.get(code.lower(), GENERIC)


def judge(family: Family, answer: Answer) -> tuple[Verdict, str]:
    """What `answer` to a score means at a platform of `family`."""
    return family.read_answer(answer) or classify(answer, family.statuses)
