"""Telling people what is due: one notice a day, and only when it says something new."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from content.models.course import CourseVersion
from content.models.enrolment import Enrolment
from content.services import enrolments
from lti_app.models.notification import Notification
from lti_app.models.user import User
from lti_app.services import notifications
from lti_app.services.learner_home import Due, list_courses, list_due
from lti_app.services.wording import nearest_language

REMIND = timedelta(days=3)
"""What is due within that time is told."""
NAMED = 3
"""So many titles stand in the sentence; the mail lists all."""
_KINDS = ("due_soon", "due_list")


def remind(open_session: Callable[[], AbstractContextManager[Session]], now: datetime) -> int:
    """Tell everybody what is due within REMIND, each thing once for each date, all of a day in one
    notice; how many people were looked at."""
    with open_session() as session:
        learners = list(session.scalars(_find_learners()))
    for user_id in learners:
        with open_session() as session:
            _remind_one(session, user_id, now)
    return len(learners)


def _find_learners() -> Select[UUID]:
    has_dates = func.jsonb_path_exists(CourseVersion.document, "$.modules[*].units[*].due")
    return (
        select(Enrolment.user_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(
            Enrolment.status.in_(("enrolled", "in_progress")),
            Enrolment.context_key == enrolments.PORTAL,
            or_(Enrolment.due_at.is_not(None), has_dates),
        )
        .distinct()
    )


def _remind_one(session: Session, user_id: UUID, now: datetime) -> None:
    user = session.get(User, user_id)
    if user is None or not user.is_active:
        return
    dues = list_due(list_courses(session, user_id, now), now, REMIND)
    coming = {_name(due): due for due in dues if not due.is_overdue}
    if not coming.keys() - _told(session, user_id, now):
        return
    language = nearest_language(user.locale or "en")
    kind, data, path = _word(list(coming.values()), language)
    notifications.notify(
        session,
        user_id,
        kind,
        {**data, "told": list(coming)},
        now,
        path=path,
        once=f"due:{now.date()}",
    )


def _told(session: Session, user_id: UUID, now: datetime) -> set[str]:
    lately = select(Notification.data).where(
        Notification.user_id == user_id,
        Notification.kind.in_(_KINDS),
        Notification.created_at > now - 2 * REMIND,
    )
    return {name for data in session.scalars(lately) for name in data.get("told", [])}


def _word(dues: list[Due], language: str) -> tuple[str, dict[str, str], str]:
    """(kind, what its text names, where it leads): one thing leads to itself, several home."""
    if len(dues) == 1:
        due = dues[0]
        data = {"title": due.title, "course": due.course.title, "due": _day(due, language)}
        where = f"units/{due.unit_id}" if due.unit_id else ""
        return "due_soon", data, due.course.path + where
    titles = " · ".join(due.title for due in dues[:NAMED]) + (" · …" if len(dues) > NAMED else "")
    things = "\n".join(
        f"• {due.title} ({due.course.title}) – {_day(due, language)}" for due in dues
    )
    return "due_list", {"titles": titles, "things": things}, "/learning"


def _day(due: Due, language: str) -> str:
    return format_date(due.at, "long", locale=language)


def _name(due: Due) -> str:
    # With the date: a new date is told again.
    return f"{due.course.id}:{due.unit_id}:{due.at.date()}"
