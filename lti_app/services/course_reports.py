"""The report of a course: learners × units, each cell computed where all progress is computed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.core.course import Course as CourseDocument
from content.core.course_document import read_course
from content.core.progress import CourseStanding
from content.models.course import Course
from content.models.enrolment import Enrolment, UnitProgress
from content.services import standings
from lti_app.services import course_people
from lti_app.services.course_people import CoursePerson, PeopleFilter

_CHUNK = 200


@dataclass(frozen=True)
class ReportRow:
    """One learner."""

    person: CoursePerson
    standing: CourseStanding


@dataclass(frozen=True)
class Summary:
    """Figures of everybody who has not left."""

    learners: int
    begun: int
    completed: int
    passed: int
    failed: int
    mean_score: float | None
    """0..1, of those who have one."""
    mean_seconds: float


def read_columns(course: Course) -> CourseDocument:
    """The units that are columns: of the version that is published, or of the draft."""
    if course.current_version is not None:
        return standings.read_version(course.current_version)
    return read_course(course.draft)


def read_rows(
    session: Session, wanted: PeopleFilter, *, now: datetime, page: int = 1, size: int = 50
) -> list[ReportRow]:
    """A page of learners with where they stand, unit by unit."""
    people = course_people.list_people(session, wanted, page=page, size=size)
    return _stand(session, people, now)


def stream_rows(session: Session, wanted: PeopleFilter, *, now: datetime) -> Iterator[ReportRow]:
    """All of them, read in pages."""
    page = 1
    while rows := read_rows(session, wanted, now=now, page=page, size=_CHUNK):
        yield from rows
        page += 1


def summarize(session: Session, course_id: UUID) -> Summary:
    """The figures above the report."""
    is_in = Enrolment.status.in_(("enrolled", "in_progress", "completed"))
    row = session.execute(
        select(
            func.count(),
            func.count(Enrolment.started_at),
            func.count().filter(Enrolment.completion == "completed"),
            func.count().filter(Enrolment.success == "passed"),
            func.count().filter(Enrolment.success == "failed"),
            func.avg(Enrolment.score_scaled),
            func.avg(Enrolment.seconds).filter(Enrolment.started_at.is_not(None)),
        ).where(Enrolment.course_id == course_id, is_in, Enrolment.is_past.is_(False))
    ).one()
    return Summary(row[0], row[1], row[2], row[3], row[4], row[5], float(row[6] or 0))


def count_done(rows: Iterable[ReportRow], unit_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many of the rows have completed each unit."""
    done = dict.fromkeys(unit_ids, 0)
    for row in rows:
        for one in row.standing.units:
            if one.is_complete and one.unit.id in done:
                done[one.unit.id] += 1
    return done


def _stand(session: Session, people: Sequence[CoursePerson], now: datetime) -> list[ReportRow]:
    ids = [one.enrolment.id for one in people]
    rows: dict[UUID, list[UnitProgress]] = defaultdict(list)
    for row in session.scalars(select(UnitProgress).where(UnitProgress.enrolment_id.in_(ids))):
        rows[row.enrolment_id].append(row)
    return [
        ReportRow(one, standings.stand(one.enrolment, rows[one.enrolment.id], now=now))
        for one in people
    ]
