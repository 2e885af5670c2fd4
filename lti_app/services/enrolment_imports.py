"""Lists of people to enrol: looked at first (dry run), then done as a whole or not at all.

A list with a fault in any line changes nothing: mend it and load it again. Loading a list twice
changes nothing the second time. People of a list get no mail of their own: that is the teacher's
decision, and 10,000 letters are no side effect.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from content.core.enrolment_list import Fault, Row, read_list
from content.models.course import Course
from content.models.enrolment import Enrolment
from content.models.group import EnrolmentImport
from content.services import enrolments, groups
from content.services.courses import get_course
from database.base import uuid7
from lti_app.core.permissions import Role
from lti_app.models.user import User

FAULTS_KEPT = 1000
"""Faults of a list that are named one by one; more are only counted."""
AT_ONCE = 500
STALE_AFTER = timedelta(minutes=5)
MAX_TRIES = 3
Progress = Callable[[int, int], None]
T = TypeVar("T")


def schedule(
    session: Session,
    text: str,
    *,
    file_name: str,
    course_id: UUID | None,
    is_dry_run: bool,
    creates_people: bool,
    created_by: UUID | None,
) -> EnrolmentImport:
    """A list that waits for its job; enqueue RUN_ENROLMENT_IMPORT with its id after the commit."""
    row = EnrolmentImport(
        course_id=course_id,
        file_name=file_name[:200],
        text=text.replace("\0", ""),
        is_dry_run=is_dry_run,
        creates_people=creates_people,
        created_by=created_by,
        report={},
    )
    session.add(row)
    session.flush()
    return row


def claim(session: Session, import_id: UUID, *, now: datetime) -> EnrolmentImport | None:
    """Take a list up; None when it is done or another worker is at it."""
    row = session.get(EnrolmentImport, import_id, with_for_update=True)
    if row is None or row.state in ("checked", "done", "failed"):
        return None
    is_alive = row.touched_at is not None and now - row.touched_at < STALE_AFTER
    if row.state == "running" and is_alive:
        return None
    if row.tries >= MAX_TRIES:
        row.state, row.finished_at = "failed", now
        return None
    row.state, row.tries, row.touched_at = "running", row.tries + 1, now
    return row


def list_due(session: Session, *, now: datetime, grace: timedelta) -> list[UUID]:
    """Lists whose hint was lost or whose worker died."""
    lost = (EnrolmentImport.state == "running") & (EnrolmentImport.touched_at < now - STALE_AFTER)
    waits = (EnrolmentImport.state == "waiting") & (EnrolmentImport.created_at < now - grace)
    return list(session.scalars(select(EnrolmentImport.id).where(or_(lost, waits))))


def check(session: Session, row: EnrolmentImport) -> tuple[list[Row], dict[str, Any]]:
    """The rows of a list, and the report: what would be done, and every fault."""
    rows, faults = read_list(row.text, needs_course=row.course_id is None)
    courses, more = _find_courses(session, row, rows)
    faults += more
    known = find_people(session, (one.email for one in rows))
    unknown = {one.email for one in rows} - set(known)
    if unknown and not row.creates_people:
        faults += [
            Fault(one.line, "email", "nobody here has the address %(email)s", {"email": one.email})
            for one in rows
            if one.email in unknown
        ]
    faults += [
        Fault(one.line, "email", "%(email)s is switched off", {"email": one.email})
        for one in rows
        if one.email in known and not known[one.email].is_active
    ]
    faults.sort(key=lambda fault: fault.line)
    already = _count_already(session, rows, courses, known)
    return rows, {
        "rows": len(rows),
        "people": len(unknown) if row.creates_people else 0,
        "already": already,
        "enrolled": len(rows) - already if not faults else 0,
        "faults": len(faults),
        "errors": [asdict(fault) for fault in faults[:FAULTS_KEPT]],
    }


def carry_out(
    session: Session, row: EnrolmentImport, rows: Sequence[Row], *, now: datetime, say: Progress
) -> None:
    """Make the people who are missing, enrol everybody, fill the groups; one transaction."""
    courses, _faults = _find_courses(session, row, rows)
    group_ids, done = _ensure_groups(session, rows, row.created_by), 0
    for some in _in_parts(rows):
        people = _ensure_people(session, some)
        for key, course in courses.items():
            ids = [people[one.email] for one in some if one.course == key or row.course_id]
            _enrol(session, course, ids, row.created_by, now)
        members = [(group_ids[one.group], people[one.email]) for one in some if one.group]
        groups.add_memberships(session, members)
        session.flush()
        session.expunge_all()
        done += len(some)
        say(done, len(rows))


def find_people(session: Session, emails: Iterable[str]) -> dict[str, User]:
    """By lower-case address."""
    found: dict[str, User] = {}
    for some in _in_parts(dict.fromkeys(emails)):
        query = select(User).where(User.email_key.in_(some))
        found |= {(user.email or "").lower(): user for user in session.scalars(query)}
    return found


def _find_courses(
    session: Session, row: EnrolmentImport, rows: Sequence[Row]
) -> tuple[dict[str, Course], list[Fault]]:
    """By key; a list for one course has it under ""."""
    if row.course_id is not None:
        course = get_course(session, row.course_id)
        faults = [] if _is_open(course) else [Fault(0, "course", "it is not published")]
        return {"": course}, faults
    keys = {one.course for one in rows}
    found = {one.key: one for one in session.scalars(select(Course).where(Course.key.in_(keys)))}
    faults = [
        Fault(one.line, "course", "there is no published course “%(key)s”", {"key": one.course})
        for one in rows
        if one.course not in found or not _is_open(found[one.course])
    ]
    return found, faults


def _is_open(course: Course) -> bool:
    return course.state == "published" and course.current_version_id is not None


def _count_already(
    session: Session, rows: Sequence[Row], courses: dict[str, Course], known: dict[str, User]
) -> int:
    count = 0
    for key, course in courses.items():
        ids = [
            known[one.email].id for one in rows if one.email in known and (key in ("", one.course))
        ]
        for some in _in_parts(ids):
            count += len(enrolments.list_user_ids(session, course.id, some))
    return count


def _ensure_people(session: Session, rows: Sequence[Row]) -> dict[str, UUID]:
    """Everybody's id by address; who is missing is made."""
    known = _find_ids(session, [one.email for one in rows])
    missing = {one.email: one for one in rows if one.email not in known}
    made: list[dict[str, Any]] = [
        {
            "id": uuid7(),
            "email": email,
            "given_name": one.given_name,
            "family_name": one.family_name,
            "display_name": f"{one.given_name} {one.family_name}".strip()
            or email.partition("@")[0],
            "role": Role.LEARNER.value,
        }
        for email, one in missing.items()
    ]
    if made:
        session.execute(insert(User), made)
    return known | {one["email"]: one["id"] for one in made}


def _find_ids(session: Session, emails: Sequence[str]) -> dict[str, UUID]:
    rows = session.execute(select(User.email_key, User.id).where(User.email_key.in_(emails)))
    return {key: user_id for key, user_id in rows if key is not None}


def _enrol(
    session: Session, course: Course, ids: Sequence[UUID], by: UUID | None, now: datetime
) -> None:
    """In one statement for those who are new, one by one for those who had left or asked."""
    query = select(Enrolment.user_id, Enrolment.status).where(
        Enrolment.course_id == course.id,
        Enrolment.context_key == enrolments.PORTAL,
        Enrolment.is_past.is_(False),
        Enrolment.user_id.in_(ids),
    )
    known = {row[0]: row[1] for row in session.execute(query)}
    values = {
        "course_id": course.id,
        "version_id": course.current_version_id,
        "source": "csv",
        "enrolled_by": by,
        "enrolled_at": now,
        "status": "enrolled",
    }
    new = [values | {"user_id": one} for one in dict.fromkeys(ids) if one not in known]
    if new:
        session.execute(insert(Enrolment), new)
    again = [one for one, status in known.items() if status in ("dropped", "requested")]
    enrolments.enrol_many(session, course.id, again, source="csv", now=now, enrolled_by=by)


def _ensure_groups(session: Session, rows: Sequence[Row], by: UUID | None) -> dict[str, UUID]:
    """Ids by the names that the list has."""
    found = {}
    for name in dict.fromkeys(one.group for one in rows if one.group):
        group = groups.find_group(session, name)
        found[name] = (group or groups.create_group(session, name[:120], created_by=by)).id
    return found


def _in_parts(values: Iterable[T]) -> Iterator[list[T]]:
    listed = list(values)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
