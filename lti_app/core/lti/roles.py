"""From a launch's roles to the one role that counts here.

PyLTI1p3's role classes are not used: they read `membership#X` as a role without kind, know no
precedence and no TestUser. Source: LTI Core 1.3 appendix A.2; rules LTI-R1 to LTI-R4, LTI-G02 to
LTI-G05.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class LaunchRole(Enum):
    """Strongest first; NONE may look at content but is nobody's learner."""

    ADMINISTRATOR = "administrator"
    INSTRUCTOR = "instructor"
    CONTENT_DEVELOPER = "content_developer"
    TEACHING_ASSISTANT = "teaching_assistant"
    MENTOR = "mentor"
    LEARNER = "learner"
    NONE = "none"

    @property
    def is_teacher(self) -> bool:
        """May see the grades of a resource link."""
        return self in _TEACHERS

    @property
    def is_graded(self) -> bool:
        """Whether a grade of this person goes to the platform (PAIN-19)."""
        return self is LaunchRole.LEARNER


_TEACHERS = frozenset(
    {LaunchRole.ADMINISTRATOR, LaunchRole.INSTRUCTOR, LaunchRole.TEACHING_ASSISTANT}
)

_NAMES = {
    "Administrator": LaunchRole.ADMINISTRATOR,
    "SysAdmin": LaunchRole.ADMINISTRATOR,
    "AccountAdmin": LaunchRole.ADMINISTRATOR,
    "Instructor": LaunchRole.INSTRUCTOR,
    "Faculty": LaunchRole.INSTRUCTOR,
    "Staff": LaunchRole.NONE,
    "Manager": LaunchRole.INSTRUCTOR,
    "ContentDeveloper": LaunchRole.CONTENT_DEVELOPER,
    "TeachingAssistant": LaunchRole.TEACHING_ASSISTANT,
    "Mentor": LaunchRole.MENTOR,
    "Learner": LaunchRole.LEARNER,
    "Student": LaunchRole.LEARNER,
    "NonCreditLearner": LaunchRole.LEARNER,
}
"""Principal roles by their last word; any other is of no effect (least privilege, LTI-G04)."""

_TEST_USER = re.compile(
    r"^http://purl\.imsglobal\.org/vocab/(?:lis|lti)/(?:v2/)?system/person#TestUser$"
)
_FULL = re.compile(
    r"^http://purl\.imsglobal\.org/vocab/lis/v2/"
    r"(?:(?P<kind>institution|system)/person|membership(?:/(?P<main>\w+))?)#(?P<name>\w+)$"
)
_SHORT = re.compile(r"^\w+$")
_ORDER = list(LaunchRole)


@dataclass(frozen=True)
class Roles:
    """What a launch says about its person."""

    role: LaunchRole
    is_test_user: bool
    """A platform's "student view" account: plays, but is not graded (LTI-R3, CANVAS-37)."""


def read_roles(roles: Iterable[str]) -> Roles:
    """The strongest membership role, else institution role, else system role (LTI-R1)."""
    found: dict[str, list[LaunchRole]] = {"membership": [], "institution": [], "system": []}
    is_test_user = False
    for text in roles:
        if _TEST_USER.match(text):
            is_test_user = True
            continue
        kind, role = _read_role(text)
        if role is not LaunchRole.NONE:
            found[kind].append(role)
    for kind in ("membership", "institution", "system"):
        if found[kind]:
            return Roles(min(found[kind], key=_ORDER.index), is_test_user)
    return Roles(LaunchRole.NONE, is_test_user)


def _read_role(text: str) -> tuple[str, LaunchRole]:
    if _SHORT.match(text):  # LTI-G03: a context role without its URI
        return "membership", _NAMES.get(text, LaunchRole.NONE)
    match = _FULL.match(text)
    if not match:
        return "membership", LaunchRole.NONE
    kind = match["kind"] or "membership"
    if match["main"]:  # LTI-R2: a sub-role counts as itself where we know it, else as its main role
        sub_role = match["name"] if match["name"] in _NAMES else match["main"]
        return kind, _NAMES.get(sub_role, LaunchRole.NONE)
    return kind, _NAMES.get(match["name"], LaunchRole.NONE)
