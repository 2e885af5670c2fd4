"""A teacher's first page: what waits for a grade, who may need a word, what happens."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from content.models.enrolment import Submission
from content.services import standings, submissions
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import teaching, visible_courses
from lti_app.services.visible_attempts import find_names
from lti_app.views.charts import Bars, bar_chart

bp = Blueprint("admin_teaching", __name__, url_prefix="/admin/teaching")

MOST = 8


@bp.get("/")
@requires(Permission.VIEW_OWN_ANALYTICS)
def index() -> ResponseReturnValue:
    """Of the courses that the visitor made or teaches."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        courses = teaching.list_taught(session, current_user.id)
        ids = [course.id for course in courses]
        waiting = submissions.list_waiting(session, taught_by=current_user.id, size=MOST)
        days = teaching.count_by_day(session, ids, now)
        at_risk = teaching.list_at_risk(session, ids, now)
        return render_template(
            "admin/courses/teaching.html",
            courses=courses,
            learners=visible_courses.count_learners(session, ids),
            titles={course.id: visible_courses.title_of(course) for course in courses},
            waiting=waiting,
            waiting_count=submissions.count_waiting(session, taught_by=current_user.id),
            names=find_names(session, [one.enrolment.user_id for one in waiting]),
            unit_titles=_unit_titles(waiting),
            at_risk=at_risk,
            days=days,
            is_quiet=not any(day.units or day.courses or day.enrolled for day in days),
            quiet_days=teaching.QUIET_DAYS,
            chart=bar_chart(
                [
                    Bars(format_date(day.date, "d MMM"), (day.units, day.enrolled, day.courses))
                    for day in days
                ],
                _("Units completed, people enrolled and courses completed per day"),
            ),
        )


def _unit_titles(waiting: list[Submission]) -> dict[UUID, str]:
    found = {}
    for one in waiting:
        unit = standings.read_enrolled(one.enrolment).find_unit(one.unit_id)
        found[one.id] = unit.title if unit else ""
    return found
