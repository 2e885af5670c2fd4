"""One link of a platform: what it opens and why, what it was copied from, who uses it."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import links

bp = Blueprint("admin_links", __name__, url_prefix="/admin/links")

ROLES = {
    "administrator": _l("administrators"),
    "instructor": _l("teachers"),
    "content_developer": _l("content developers"),
    "teaching_assistant": _l("teaching assistants"),
    "mentor": _l("mentors"),
    "learner": _l("learners"),
    "none": _l("others"),
}


@bp.get("/<uuid:link_id>")
@requires(Permission.VIEW_LAUNCHES)
def link(link_id: UUID) -> ResponseReturnValue:
    """The link's page."""
    with transaction(current_user.tenant_id) as session:
        story = links.get_story(session, link_id)
        return render_template("admin/link.html", story=story, link=story.link, roles=ROLES)
