"""Overview: how much there is, what happened lately, what needs a person."""

from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import activity, attention, grade_alerts, overview
from lti_app.views.admin.attention import describe
from lti_app.views.charts import Bars, bar_chart

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/")
@requires(Permission.CREATE_CONTENT)
def index() -> ResponseReturnValue:
    """Figures and a chart of the last two weeks."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        counts = overview.count_everything(session, now)
        days = overview.count_by_day(session, now)
        learning = activity.count_activity(session, now)
        learning_days = activity.count_learning_by_day(session, now)
        may_mend = current_user.may(Permission.MANAGE_PLATFORMS)
        failing = grade_alerts.list_alarming(session, now) if may_mend else []
        waiting = attention.find_attention(session, now)
    groups = [
        Bars(format_date(day.date, "d MMM"), (day.launches, day.grades, day.refused))
        for day in days
    ]
    return render_template(
        "admin/home.html",
        counts=counts,
        failing=failing,
        days=days,
        chart=bar_chart(groups, _("Launches, grades sent and refused launches per day")),
        attention=describe(waiting),
        learning=learning,
        learning_days=learning_days,
        learning_chart=bar_chart(
            [
                Bars(format_date(day.date, "d MMM"), (day.enrolments, day.completions))
                for day in learning_days
            ],
            _("Enrolments and completed courses per day"),
        ),
        is_learning_quiet=not any(day.enrolments or day.completions for day in learning_days),
        is_quiet=not any(day.launches or day.grades for day in days),
    )
