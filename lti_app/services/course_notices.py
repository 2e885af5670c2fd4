"""Who hears what of a course: a new version, work that was graded or given back.

Whoever came from an LMS hears there; here only people who take part on the portal are told.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.models.course import CourseVersion
from content.models.enrolment import Enrolment, Submission
from content.services import course_settings, courses
from content.services.standings import read_enrolled
from lti_app.services import notifications


def tell_published(
    session: Session, version: CourseVersion, *, by: UUID | None, now: datetime
) -> int:
    """A new version: everybody who learns there, and who else teaches it; how many were told.
    Nobody hears of the first one, as there was nothing before."""
    if version.number == 1:
        return 0
    course = courses.get_course(session, version.course_id)
    learners = select(Enrolment.user_id).where(
        Enrolment.course_id == course.id,
        Enrolment.context_key == "portal",
        Enrolment.status.in_(("enrolled", "in_progress")),
    )
    people = [*session.scalars(learners), *course_settings.list_instructor_ids(session, course.id)]
    return notifications.notify_many(
        session,
        [one for one in dict.fromkeys(people) if one != by],
        "course_published",
        {"course": course.title},
        now,
        path=f"/courses/{course.key}",
        once=f"course_published:{version.id}",
    )


def tell_graded(session: Session, submission: Submission, now: datetime) -> None:
    """The learner hears the score, or that there is something to do again."""
    enrolment = submission.enrolment
    unit = read_enrolled(enrolment).find_unit(submission.unit_id)
    if enrolment.context_key != "portal" or unit is None:
        return
    data: dict[str, str | int] = {"title": unit.title}
    if submission.score_scaled is None:
        kind = "returned"
    else:
        kind, data["score"] = "graded", round(100 * submission.score_scaled)
    notifications.notify(
        session,
        enrolment.user_id,
        kind,
        data,
        now,
        path=f"/learn/{enrolment.id}/units/{unit.id}",
        once=f"{kind}:{submission.id}:{submission.score_scaled}",
    )
