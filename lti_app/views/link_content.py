"""Content for a link that names none: a teacher chooses it here, and it is kept on our side.

The platform's link stays as it is; the next launch of anybody opens what was chosen.
"""

from datetime import UTC, datetime

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.lti.deep_linking import LINK, Settings
from lti_app.core.lti.frame_token import FrameToken
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.context import ResourceLink
from lti_app.security.guards import public
from lti_app.services import admission, link_content, resource_links
from lti_app.services.launch_messages import may_choose_content
from lti_app.views import picker
from lti_app.views.frame_pages import read_frame_page, refuse_over, show_in_frame
from lti_app.views.lti_messages import open_content

bp = Blueprint("link_content", __name__, url_prefix="/lti/link-content")

_GUARD = "the signed token in the path opens one link, for a teacher of its course"


@bp.get("/<token>")
@public(_GUARD)
def pick(token: str) -> ResponseReturnValue:
    """Search and choose one thing."""
    page = read_frame_page("content", token)
    with transaction(page.tenant_id) as session:
        return picker.show_pick(session, _purpose(session, _get_link(session, page), token))


@bp.get("/<token>/options")
@public(_GUARD)
def options(token: str) -> ResponseReturnValue:
    """Say which version of it, and what it is worth."""
    page = read_frame_page("content", token)
    with transaction(page.tenant_id) as session:
        purpose = _purpose(session, _get_link(session, page), token)
        chosen = picker.find_chosen(session, request.args.getlist("item"), purpose.settings)
        if not chosen:
            return redirect(url_for("link_content.pick", token=token))
        return picker.show_options(session, purpose, chosen)


@bp.post("/<token>")
@public(_GUARD)
def answer(token: str) -> ResponseReturnValue:
    """Keep the choice, and open it."""
    page, now = read_frame_page("content", token), datetime.now(UTC)
    with transaction(page.tenant_id) as session:
        link = _get_link(session, page)
        purpose = _purpose(session, link, token)
        chosen = picker.find_chosen(session, request.form.getlist("item"), purpose.settings)
        choices, errors = picker.read_choices(session, purpose, chosen)
        if errors:
            return picker.show_options(session, purpose, chosen, errors), 422
        if not choices:
            return redirect(url_for("link_content.pick", token=token), 303)
        link_content.choose_content(session, link, choices[0], chosen_by=page.user_id, now=now)
        accepted = link_content.open_chosen(session, link, page.launch_id, page.user_id, now)
    return open_content(accepted, page.tenant_id, now)


def _get_link(session: Session, page: FrameToken) -> ResourceLink:
    """The link, for who teaches it as of the last launch."""
    member = resource_links.find_member(session, page.subject_id, page.user_id)
    if member is None or not may_choose_content(LaunchRole(member.role)):
        refuse_over()
    if not admission.may_see_link(session, page.user_id, page.subject_id):
        refuse_over()
    show_in_frame(session, page)
    return resource_links.get_resource_link(session, page.subject_id)


def _purpose(session: Session, link: ResourceLink, token: str) -> picker.Purpose:
    context = resource_links.find_context(session, link)
    places = [link.title, (context.title or context.label) if context else ""]
    return picker.Purpose(
        blueprint="link_content",
        token=token,
        settings=Settings(
            return_url="",
            accept_types=(LINK,),
            document_targets=(),
            accept_lineitem=link.line_item_url is None,
        ),
        title=_("Choose what this activity opens"),
        place=" · ".join(place for place in places if place),
        button=_("Use this content"),
        note=_("The activity names no content yet. What you choose is kept here, for everybody."),
        may_cancel=False,
        names_link=False,
    )
