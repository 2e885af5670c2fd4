"""Courses, activities, and who is in them. The first day's course is a literal table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from demo_lms.core.client import CLIENT_ID

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
FIRST_INVENTED = 1000
"""User ids of invented members begin here."""
LEAVERS = {7: "Inactive", 13: "Deleted"}
"""Every seventh invented member is inactive, every thirteenth deleted."""


@dataclass(frozen=True)
class Person:
    """Somebody in the course. `user_id` is the LTI `sub`; numeric, as Moodle's is."""

    key: str
    user_id: str
    given_name: str
    family_name: str
    role: str  # "Learner" or "Instructor", the short name of the context role
    status: str = "Active"

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
    """A link to a tool; its number is the LTI resource link id."""

    number: str
    course: str
    client_id: str
    title: str
    description: str
    custom: Mapping[str, str]
    url: str = ""  # target_link_uri of its own
    history: tuple[str, ...] = ()  # the links it was copied from, newest first
    item: Mapping[str, Any] = field(default_factory=dict)  # the content item, as it arrived

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"history": list(self.history)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Activity:
        return cls(**{**kept, "history": tuple(kept["history"])})


@dataclass(frozen=True)
class Course:
    """The LTI context."""

    number: str
    label: str
    title: str
    sourced_id: str
    history: tuple[str, ...] = ()  # the courses it was copied from, newest first

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"history": list(self.history)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Course:
        return cls(**{**kept, "history": tuple(kept["history"])})


COURSE = Course("1", "DEMO101", "Demo course: a first look", "SIS-DEMO101")

PEOPLE = (
    Person("stan", "4", "Stan", "Student", "Learner"),
    Person("sara", "5", "Sara", "Sample", "Learner"),
    Person("tina", "3", "Tina", "Teacher", "Instructor"),
)

_FIRST = (
    # title, description, sc_item, maximum of its line item
    (
        "Page turner",
        "A SCORM 1.2 package that keeps your place: leave on any page and come back to it.",
        "demo-page-turner",
        100,
    ),
    (
        "Quiz",
        "A SCORM 1.2 quiz with several kinds of questions; the score counts out of 10.",
        "demo-quiz",
        10,
    ),
    (
        "SCORM 2004 lesson",
        "A single-SCO package that speaks SCORM 2004, with completion and success apart.",
        "demo-2004",
        100,
    ),
)

ACTIVITIES = tuple(
    Activity(str(number), COURSE.number, CLIENT_ID, title, description, {"sc_item": item})
    for number, (title, description, item, _maximum) in enumerate(_FIRST, start=1)
)

STUDENTS = tuple(person for person in PEOPLE if not person.is_teacher)

_BY_KEY = {person.key: person for person in PEOPLE}
_BY_USER_ID = {person.user_id: person for person in PEOPLE}


def find_person(key: str) -> Person | None:
    """Somebody who can sign in."""
    return _BY_KEY.get(key)


def invent_person(number: int) -> Person:
    """The invented member of this number, always the same."""
    status = next((status for every, status in LEAVERS.items() if number % every == 0), "Active")
    user_id = str(FIRST_INVENTED + number)
    return Person(f"learner{number}", user_id, "Learner", f"No. {number}", "Learner", status)


def members_of(invented: int) -> list[Person]:
    """Everybody in a course: those who can sign in and `invented` more."""
    return [*PEOPLE, *(invent_person(number) for number in range(1, invented + 1))]


def find_member(user_id: str, invented: int) -> Person | None:
    """The member with this `sub`, or None."""
    if user_id in _BY_USER_ID:
        return _BY_USER_ID[user_id]
    number = int(user_id) - FIRST_INVENTED if user_id.isdecimal() else 0
    return invent_person(number) if 1 <= number <= invented else None


def initial_line_items() -> list[dict[str, Any]]:
    """The gradebook columns that belong to the activities; `own` ones cannot be deleted."""
    return [
        {
            "id": activity.number,
            "course": activity.course,
            "client_id": activity.client_id,
            "label": activity.title,
            "scoreMaximum": maximum,
            "resourceLinkId": activity.number,
            "own": True,
        }
        for activity, (*_texts, maximum) in zip(ACTIVITIES, _FIRST, strict=True)
    ]
