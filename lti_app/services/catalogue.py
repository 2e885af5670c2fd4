"""The catalogue: courses, packages, quizzes side by side, found by words, narrowed by filters."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, REGCONFIG
from sqlalchemy.orm import Session

from content.models.course import Course, CourseCategory
from content.models.enrolment import Enrolment
from content.services.course_search import find_configuration, matches, rank
from lti_app.services import learning
from lti_app.services.learning import Entry
from lti_app.services.quiz_shelf import QuizEntry, list_offered
from scorm_runtime.models.package import Package

PAGE = 24
QUIZ_FIT = 0.01
"""Quizzes are found by plain words: behind what a full text search is sure of."""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for."""

    search: str = ""
    kind: str = ""
    """"course", "package", "quiz", or all."""
    category: str = ""
    """Slug; those below it are meant, too."""
    tag: str = ""
    language: str = ""
    difficulty: str = ""

    @property
    def is_narrowed(self) -> bool:
        return any((self.search, self.kind, *self.filters))

    @property
    def filters(self) -> tuple[str, ...]:
        """Those that only courses have."""
        return (self.category, self.tag, self.language, self.difficulty)


@dataclass(frozen=True)
class Card:
    """One thing in the catalogue: one of `course`, `package` and `quiz` is set."""

    title: str
    course: Course | None = None
    enrolment: Enrolment | None = None
    package: Entry | None = None
    quiz: QuizEntry | None = None
    fit: float = 0.0


@dataclass(frozen=True)
class Shelf:
    """A page of the catalogue."""

    cards: list[Card]
    count: int
    """On all pages."""
    page: int
    categories: list[CourseCategory] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def browse(
    session: Session,
    user_id: UUID,
    wanted: Wanted,
    *,
    language: str,
    now: datetime,
    page: int = 1,
) -> Shelf:
    """What is published and fits, the best first where words are asked for, else by title;
    `language` is the visitor's."""
    cards = []
    if wanted.kind in ("", "course"):
        cards += _list_courses(session, user_id, wanted, language)
    if wanted.kind in ("", "package") and not any(wanted.filters):
        cards += _list_packages(session, user_id, wanted, language)
    if wanted.kind in ("", "quiz") and not any(wanted.filters):
        offered = list_offered(session, user_id, now, search=wanted.search)
        cards += [
            Card(one.version.title, quiz=one, fit=QUIZ_FIT if wanted.search else 0.0)
            for one in offered
        ]
    cards.sort(key=lambda card: (-card.fit, card.title.lower()))
    return Shelf(
        cards=cards[(page - 1) * PAGE : page * PAGE],
        count=len(cards),
        page=page,
        categories=list_categories(session),
        tags=_list_tags(session),
        languages=_list_languages(session),
    )


def list_categories(session: Session) -> list[CourseCategory]:
    """All of the tenant, parents before their children."""
    rows = session.scalars(select(CourseCategory).order_by(CourseCategory.position))
    by_parent: dict[UUID | None, list[CourseCategory]] = {}
    for row in rows:
        by_parent.setdefault(row.parent_id, []).append(row)
    ordered: list[CourseCategory] = []

    def add(parent: UUID | None) -> None:
        for one in sorted(by_parent.pop(parent, []), key=lambda one: (one.position, one.name)):
            ordered.append(one)
            add(one.id)

    add(None)
    return ordered


def _list_courses(session: Session, user_id: UUID, wanted: Wanted, language: str) -> list[Card]:
    mine = (Enrolment.course_id == Course.id) & (Enrolment.user_id == user_id)
    mine &= (Enrolment.context_key == "portal") & (Enrolment.status != "dropped")
    mine &= Enrolment.is_past.is_(False)
    fit = rank(wanted.search, language) if wanted.search else literal(0.0)
    query: Select[*tuple[Course, Enrolment, float]] = (
        select(Course, Enrolment, fit)
        .outerjoin(Enrolment, mine)
        .where(Course.state == "published", *_conditions(session, wanted, language))
    )
    return [
        Card(course.title, course=course, enrolment=enrolment, fit=float(fit or 0))
        for course, enrolment, fit in session.execute(query)
    ]


def _conditions(session: Session, wanted: Wanted, language: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.search:
        found.append(matches(wanted.search, language))
    if wanted.tag:
        found.append(Course.tags.op("@>")(cast([wanted.tag], JSONB)))
    if wanted.language:
        found.append(Course.language == wanted.language)
    if wanted.difficulty:
        found.append(Course.difficulty == wanted.difficulty)
    if wanted.category:
        found.append(Course.category_id.in_(_find_below(session, wanted.category)))
    return found


def _find_below(session: Session, slug: str) -> list[UUID]:
    rows = list_categories(session)
    found = {one.id for one in rows if one.slug == slug}
    for one in rows:  # parents come first
        if one.parent_id in found:
            found.add(one.id)
    return list(found)


def _list_packages(session: Session, user_id: UUID, wanted: Wanted, language: str) -> list[Card]:
    entries = learning.list_catalogue(session, user_id, search="")
    if not wanted.search:
        return [Card(one.package.title, package=one) for one in entries]
    named = {
        one.package.id for one in learning.list_catalogue(session, user_id, search=wanted.search)
    }
    fits = _rank_packages(session, wanted.search, language)
    return [
        Card(one.package.title, package=one, fit=fits.get(one.package.id, 0.01))
        for one in entries
        if one.package.id in fits or one.package.id in named
    ]


def _rank_packages(session: Session, search: str, language: str) -> dict[UUID, float]:
    words = func.concat(Package.title, " ", Package.title, " ", Package.description)
    fits: dict[UUID, float] = {}
    for name in dict.fromkeys((find_configuration(language), "english", "simple")):
        config = cast(name, REGCONFIG)
        vector, query = func.to_tsvector(config, words), func.websearch_to_tsquery(config, search)
        rows = session.execute(
            select(Package.id, func.ts_rank(vector, query)).where(vector.op("@@")(query))
        )
        for package_id, fit in rows:
            fits[package_id] = max(fit, fits.get(package_id, 0.0))
    return fits


def _list_tags(session: Session) -> list[str]:
    each = func.jsonb_array_elements_text(Course.tags).table_valued("value")
    query = (
        select(each.c.value).select_from(Course).join(each, Course.state == "published")
    ).distinct()
    return sorted(session.scalars(query), key=str.lower)


def _list_languages(session: Session) -> list[str]:
    query = select(Course.language).where(Course.state == "published").distinct()
    return sorted(session.scalars(query))
