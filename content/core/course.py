"""A course as one document: what drafts, versions and folders hold, read into frozen classes.

The document is JSON (content/README.md shows it). Reading is lenient where something is missing
(a draft grows), and strict where something is wrong: CourseInvalid names the place.
`content.core.course_check` says what keeps a draft from being published.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

UnitKind = Literal["lesson", "package", "quiz", "link", "assignment"]
UNIT_KINDS: tuple[UnitKind, ...] = ("lesson", "package", "quiz", "link", "assignment")
RuleName = Literal[
    "viewed", "time", "watched", "completed", "passed", "score", "submitted", "graded"
]
RULES_OF: dict[str, tuple[RuleName, ...]] = {
    "lesson": ("viewed", "time", "watched"),
    "package": ("completed", "passed", "score"),
    "quiz": ("completed", "passed", "score"),
    "link": ("viewed",),
    "assignment": ("submitted", "graded", "score"),
}
"""Which completion rules a kind of unit may have; the first is the default."""
CourseRuleName = Literal["all_required", "count", "none"]
COURSE_RULES: tuple[CourseRuleName, ...] = ("all_required", "count", "none")
ORDERS = ("free", "linear")
DIFFICULTIES = ("", "beginner", "intermediate", "advanced")
ACCEPTS = ("text", "file", "both")


@dataclass(frozen=True)
class Completion:
    """When a unit is complete."""

    rule: RuleName
    minutes: float | None = None
    """Of "time"."""
    percent: float | None = None
    """Of "watched": 0..100."""
    score: float | None = None
    """Of "score": 0..1."""


@dataclass(frozen=True)
class When:
    """A moment that is fixed, or counted from the enrolment; neither: none."""

    at: datetime | None = None
    days: float | None = None
    """After the enrolment."""
    after_previous: bool = False
    """Only for opening: not before the unit before it is complete."""

    @property
    def is_set(self) -> bool:
        return self.at is not None or self.days is not None or self.after_previous


@dataclass(frozen=True)
class Caption:
    """Subtitles of a video, in WebVTT."""

    file: UUID
    language: str
    label: str


@dataclass(frozen=True)
class Video:
    """A video of a lesson."""

    file: UUID
    captions: tuple[Caption, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file to fetch."""

    file: UUID
    title: str = ""


@dataclass(frozen=True)
class Assignment:
    """What may be handed in."""

    accept: str = "both"
    """Of ACCEPTS."""
    max_mb: float = 20.0
    extensions: tuple[str, ...] = ()
    """Without dot, lower case; empty: what is allowed anywhere."""
    points: float = 100.0
    tries: int = 0
    """How often it may be handed in; 0: until it is graded."""


@dataclass(frozen=True)
class Unit:
    """One step of a course."""

    id: UUID
    kind: UnitKind
    title: str
    completion: Completion
    is_required: bool = True
    opens: When = When()
    due: When = When()
    weight: float = 1.0
    """Of its score in the course's; 0: does not count."""
    minutes: float | None = None
    """How long it is said to take."""
    body: str = ""
    """Markdown: the lesson, or what to know before the rest."""
    video: Video | None = None
    files: tuple[Attachment, ...] = ()
    package: UUID | None = None
    quiz: UUID | None = None
    url: str = ""
    assignment: Assignment | None = None

    @property
    def has_score(self) -> bool:
        return self.weight > 0 and self.kind in ("package", "quiz", "assignment")


@dataclass(frozen=True)
class Module:
    """A part of a course."""

    id: UUID
    title: str
    description: str = ""
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class CourseRule:
    """When a course is complete."""

    rule: CourseRuleName = "all_required"
    count: int = 0
    """Of "count": so many units, whichever."""
    passing_score: float | None = None
    """0..1: the mean of the units' scores by weight must reach it; None: no score is asked for."""


@dataclass(frozen=True)
class Course:
    """A course as its author wrote it."""

    title: str
    summary: str = ""
    description: str = ""
    """Markdown."""
    language: str = "en"
    difficulty: str = ""
    duration_minutes: int | None = None
    tags: tuple[str, ...] = ()
    picture: UUID | None = None
    order: str = "free"
    rule: CourseRule = CourseRule()
    certificate: bool = False
    certificate_valid_days: int | None = None
    modules: tuple[Module, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    """What another wrote into the document and this version does not know; kept."""

    def units(self) -> Iterator[Unit]:
        """All units in order."""
        for module in self.modules:
            yield from module.units

    def find_unit(self, unit_id: UUID) -> Unit | None:
        return next((unit for unit in self.units() if unit.id == unit_id), None)

    def neighbours(self, unit_id: UUID) -> tuple[Unit | None, Unit | None]:
        """The unit before and the unit after."""
        units = list(self.units())
        for index, unit in enumerate(units):
            if unit.id == unit_id:
                after = units[index + 1] if index + 1 < len(units) else None
                return (units[index - 1] if index else None), after
        return None, None

    def files(self) -> set[UUID]:
        """Every file that the document shows."""
        found = {self.picture} if self.picture else set()
        for unit in self.units():
            found |= {one.file for one in unit.files}
            if unit.video:
                found |= {unit.video.file, *(one.file for one in unit.video.captions)}
        return found
