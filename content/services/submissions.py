"""Assignments: handed in by learners, graded by people; the result goes the way of all results."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from content.core.course import Assignment, Unit
from content.core.course_document import RANGE
from content.core.errors import CourseInvalid, CourseMissing, NotAllowed
from content.core.outcome import ContentOutcome, UnitResult
from content.models.course import Course, CourseInstructor
from content.models.enrolment import Enrolment, Submission, UnitProgress
from content.services.enrolments import get_enrolment
from content.services.progress import change_unit, record_unit_result
from content.services.standings import read_enrolled

MAX_TEXT = 100_000


@dataclass(frozen=True)
class HandedIn:
    """Something new in the queue."""

    submission: Submission
    outcomes: list[ContentOutcome]


def hand_in(
    session: Session,
    enrolment_id: UUID,
    unit_id: UUID,
    *,
    text: str,
    file_name: str = "",
    file_size: int = 0,
    file_key: str = "",
    now: datetime,
) -> HandedIn:
    """Hand in a text, a file, or both. Raises CourseInvalid for what the assignment does not take,
    NotAllowed "graded" and "tries" when no more is taken."""
    enrolment = get_enrolment(session, enrolment_id, lock=True)
    if enrolment.is_past:
        raise NotAllowed("graded", "This was taken again: nothing more can be handed in here.")
    assignment = get_assignment(enrolment, unit_id)
    _check_parts(assignment, text, file_key)
    earlier = list_submissions(session, enrolment_id, unit_id)
    check_may_hand_in(assignment, earlier)
    submission = Submission(
        enrolment_id=enrolment_id,
        unit_id=unit_id,
        number=len(earlier) + 1,
        text=text.strip() if assignment.accept != "file" else "",
        file_name=file_name[:200],
        file_size=file_size,
        file_key=file_key,
        state="submitted",
        submitted_at=now,
    )
    session.add(submission)

    def change(row: UnitProgress) -> None:
        row.is_submitted, row.is_pending_manual = True, True
        row.attempts = max(row.attempts, submission.number)
        if row.completion == "not attempted":
            row.completion = "incomplete"

    return HandedIn(submission, change_unit(session, enrolment_id, unit_id, change, now))


def check_may_hand_in(assignment: Assignment, earlier: list[Submission]) -> None:
    """Raises NotAllowed."""
    if earlier and earlier[-1].state == "graded":
        raise NotAllowed("graded", "This was graded: nothing more can be handed in.")
    used = sum(one.state != "returned" for one in earlier)
    if assignment.tries and used >= assignment.tries:
        raise NotAllowed("tries", "This was handed in as often as it may be.")


def grade(
    session: Session,
    submission_id: UUID,
    *,
    points: float,
    comment: str,
    graded_by: UUID | None,
    now: datetime,
) -> list[ContentOutcome]:
    """Give points, or other ones than before. Raises CourseInvalid for points out of range."""
    submission = get_submission(session, submission_id, lock=True)
    assignment = get_assignment(submission.enrolment, submission.unit_id)
    if not 0 <= points <= assignment.points:
        raise CourseInvalid("points", RANGE, least="0", most=f"{assignment.points:g}")
    submission.state, submission.score_scaled = "graded", round(points / assignment.points, 6)
    _sign(submission, comment, graded_by, now)
    result = UnitResult(
        completion="completed",
        score_scaled=submission.score_scaled,
        attempts=submission.number,
        is_authoritative=True,
    )
    return record_unit_result(session, submission.enrolment_id, submission.unit_id, result, now)


def give_back(
    session: Session, submission_id: UUID, *, comment: str, graded_by: UUID | None, now: datetime
) -> list[ContentOutcome]:
    """To be done again, with a comment that says what is missing; raises CourseInvalid without."""
    if not comment.strip():
        raise CourseInvalid("comment", "say what is missing")
    submission = get_submission(session, submission_id, lock=True)
    submission.state, submission.score_scaled = "returned", None
    _sign(submission, comment, graded_by, now)

    def change(row: UnitProgress) -> None:
        row.is_pending_manual, row.is_submitted = False, False

    return change_unit(session, submission.enrolment_id, submission.unit_id, change, now)


def get_submission(session: Session, submission_id: UUID, *, lock: bool = False) -> Submission:
    """Raises CourseMissing."""
    query = select(Submission).where(Submission.id == submission_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise CourseMissing("There is no such submission.")
    return found


def get_assignment(enrolment: Enrolment, unit_id: UUID) -> Assignment:
    """Raises CourseMissing where the unit is no assignment."""
    return assignment_of(read_enrolled(enrolment).find_unit(unit_id))


def assignment_of(unit: Unit | None) -> Assignment:
    """Raises CourseMissing where the unit is no assignment."""
    if unit is None or unit.assignment is None:
        raise CourseMissing("There is no such assignment.")
    return unit.assignment


def list_submissions(session: Session, enrolment_id: UUID, unit_id: UUID) -> list[Submission]:
    """Of one learner for one assignment, oldest first."""
    query = select(Submission).where(
        Submission.enrolment_id == enrolment_id, Submission.unit_id == unit_id
    )
    return list(session.scalars(query.order_by(Submission.number)))


def list_waiting(
    session: Session,
    *,
    course_id: UUID | None = None,
    taught_by: UUID | None = None,
    page: int = 1,
    size: int = 50,
) -> list[Submission]:
    """What waits for a grade, oldest first; `taught_by`: in courses this person made or teaches."""
    query = select(Submission).where(*_waiting(course_id, taught_by))
    query = query.options(joinedload(Submission.enrolment).joinedload(Enrolment.course))
    query = query.order_by(Submission.submitted_at, Submission.id)
    return list(session.scalars(query.limit(size).offset((page - 1) * size)))


def count_waiting(
    session: Session, *, course_id: UUID | None = None, taught_by: UUID | None = None
) -> int:
    """How many wait for a grade."""
    query = select(func.count(Submission.id)).where(*_waiting(course_id, taught_by))
    return session.scalar(query) or 0


def _waiting(course_id: UUID | None, taught_by: UUID | None) -> list[ColumnElement[bool]]:
    places = select(Enrolment.id)
    if course_id is not None:
        places = places.where(Enrolment.course_id == course_id)
    if taught_by is not None:
        taught = select(CourseInstructor.course_id).where(CourseInstructor.user_id == taught_by)
        made = select(Course.id).where(Course.created_by == taught_by)
        places = places.where(or_(Enrolment.course_id.in_(taught), Enrolment.course_id.in_(made)))
    return [Submission.state == "submitted", Submission.enrolment_id.in_(places)]


def _sign(submission: Submission, comment: str, graded_by: UUID | None, now: datetime) -> None:
    submission.comment = comment.strip()[:10_000]
    submission.graded_by, submission.graded_at = graded_by, now


def _check_parts(assignment: Assignment, text: str, file_key: str) -> None:
    if len(text) > MAX_TEXT:
        raise CourseInvalid("text", "at most %(most)s characters, please", most=MAX_TEXT)
    if assignment.accept == "text" and not text.strip():
        raise CourseInvalid("text", "write something first")
    if assignment.accept == "file" and not file_key:
        raise CourseInvalid("file", "choose a file first")
    if not text.strip() and not file_key:
        raise CourseInvalid("text", "write something, or choose a file")
