"""The one course of the Demo LMS: who is in it and what they can open. Literal tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CLIENT_ID = "lectern-demo"
DEPLOYMENT_ID = "1"
TYPE_ID = "1"
"""The `type_id` that every services URL carries in its query, as Moodle's do. MOODLE-3"""

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in. `user_id` is the LTI `sub`; numeric, as Moodle's is."""

    key: str
    user_id: str
    given_name: str
    family_name: str
    role: str  # "Learner" or "Instructor", the short name of the context role

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        return f"{self.key}@demo-lms.example"

    @property
    def sourced_id(self) -> str:
        return f"SIS-{self.key.upper()}"

    @property
    def is_teacher(self) -> bool:
        return self.role == "Instructor"


@dataclass(frozen=True)
class Activity:
    """A link to the tool; its number is the LTI resource link id."""

    number: str
    title: str
    description: str
    item: str  # custom parameter sc_item: which package the tool plays
    score_maximum: float


@dataclass(frozen=True)
class Course:
    """The LTI context."""

    number: str
    label: str
    title: str
    sourced_id: str


COURSE = Course("1", "DEMO101", "Demo course: a first look", "SIS-DEMO101")

PEOPLE = (
    Person("stan", "4", "Stan", "Student", "Learner"),
    Person("sara", "5", "Sara", "Sample", "Learner"),
    Person("tina", "3", "Tina", "Teacher", "Instructor"),
)

ACTIVITIES = (
    Activity(
        "1",
        "Page turner",
        "A SCORM 1.2 package that keeps your place: leave on any page and come back to it.",
        "demo-page-turner",
        100,
    ),
    Activity(
        "2",
        "Quiz",
        "A SCORM 1.2 quiz with several kinds of questions; the score counts out of 10.",
        "demo-quiz",
        10,
    ),
    Activity(
        "3",
        "SCORM 2004 lesson",
        "A single-SCO package that speaks SCORM 2004, with completion and success apart.",
        "demo-2004",
        100,
    ),
)

STUDENTS = tuple(person for person in PEOPLE if not person.is_teacher)

_BY_KEY = {person.key: person for person in PEOPLE}
_BY_USER_ID = {person.user_id: person for person in PEOPLE}
_ACTIVITIES = {activity.number: activity for activity in ACTIVITIES}


def find_person(key: str) -> Person | None:
    return _BY_KEY.get(key)


def find_person_by_user_id(user_id: str) -> Person | None:
    return _BY_USER_ID.get(user_id)


def find_activity(number: str) -> Activity | None:
    return _ACTIVITIES.get(number)


def initial_line_items() -> list[dict[str, Any]]:
    """The gradebook columns that belong to the activities; `own` ones cannot be deleted."""
    return [
        {
            "id": activity.number,
            "label": activity.title,
            "scoreMaximum": activity.score_maximum,
            "resourceLinkId": activity.number,
            "own": True,
        }
        for activity in ACTIVITIES
    ]
