"""Connecting a platform: one-time links with which it registers us by itself, and their log."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from database.session import transaction
from lti_app.core.lti.state import build_state
from lti_app.core.permissions import Permission
from lti_app.models.registration_invitation import RegistrationInvitation
from lti_app.security.guards import requires
from lti_app.services import dynamic_registration as links
from lti_app.services.dynamic_registration import NewInvitation
from lti_app.views import registration_texts as texts
from lti_app.views.admin.platforms import bp
from lti_app.views.tool_facts import TOOL_NAME

LIFETIME_DAYS = 7
"""How long a link is good unless somebody says otherwise."""

PRODUCTS = {
    "": _l("Let the platform say it"),
    "canvas": "Canvas",
    "moodle": "Moodle",
    "blackboard": "Blackboard",
    "brightspace": "Brightspace",
    "sakai": "Sakai",
    "generic": _l("Another one"),
}
"""Family code to its name, for links and for setting up by hand."""

WHERE_TO_PASTE = {
    "canvas": _l("Admin › Apps › Manage › Install a New App › Dynamic Registration"),
    "moodle": _l("Site administration › Plugins › Activity modules › External tool › Manage tools"),
    "blackboard": _l("developer.blackboard.com › LTI Dynamic Registration"),
    "brightspace": _l(
        "Admin Tools › Manage Extensibility › LTI Advantage › Register Tool › Dynamic"
    ),
    "sakai": _l("Administration Workspace › External Tools › LTI Advantage Auto Provision"),
    "generic": _l("Where it registers LTI Advantage tools by an address (dynamic registration)"),
}


class LinkForm(FlaskForm):
    name = StringField(
        _l("Name of the platform"),
        [DataRequired(_l("Say which platform it is for.")), Length(max=200)],
    )
    platform = SelectField(_l("Product"), choices=[SelectChoice(*one) for one in PRODUCTS.items()])
    tool_name = StringField(
        _l("Name of the tool there"),
        [DataRequired(_l("Teachers must find it by a name.")), Length(max=80)],
        default=TOOL_NAME,
    )
    privacy = SelectField(
        _l("What it asks to know of people"),
        choices=[SelectChoice(*one) for one in texts.PRIVACY_TEXTS.items()],
    )
    days = IntegerField(
        _l("Good for so many days"),
        [InputRequired(_l("Enter 1 to 30 days.")), NumberRange(1, 30)],
        default=LIFETIME_DAYS,
    )


@bp.route("/connect", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLATFORMS)
def connect() -> ResponseReturnValue:
    """Make a link, or choose to set up by hand; links and their log below."""
    form = LinkForm()
    if form.validate_on_submit():
        return _make_link(form)
    with transaction(current_user.tenant_id) as session:
        invitations = links.list_invitations(session)
        entries = links.find_last_entries(session)
    page = render_template(
        "admin/platforms_connect.html",
        form=form,
        states={one.id: link_state(one) for one in invitations},
        invitations=invitations,
        entries=entries,
        products=PRODUCTS,
        where=WHERE_TO_PASTE,
        texts=texts.TEXTS,
    )
    return page, 422 if form.errors else 200


@bp.get("/connect/links/<uuid:invitation_id>")
@requires(Permission.MANAGE_PLATFORMS)
def link(invitation_id: UUID) -> ResponseReturnValue:
    """One link, without its address, and what came of it."""
    with transaction(current_user.tenant_id) as session:
        invitation = links.get_invitation(session, invitation_id)
        entries = links.list_log(session, invitation_id)
    return _link_page(invitation, entries)


@bp.post("/connect/links/<uuid:invitation_id>/cancel")
@requires(Permission.MANAGE_PLATFORMS)
def cancel_link(invitation_id: UUID) -> ResponseReturnValue:
    """It leads nowhere from now on."""
    with transaction(current_user.tenant_id) as session:
        links.cancel_invitation(session, invitation_id, datetime.now(UTC))
    flash(_("The link is taken back. Nobody can register with it."), "success")
    return redirect(url_for("admin_platforms.link", invitation_id=invitation_id), 303)


def link_state(invitation: RegistrationInvitation) -> str:
    """ "open", "used", "cancelled" or "expired"."""
    if invitation.used_at is not None:
        return "used"
    if invitation.cancelled_at is not None:
        return "cancelled"
    return "open" if datetime.now(UTC) < invitation.expires_at else "expired"


def _make_link(form: LinkForm) -> ResponseReturnValue:
    """The link's address is shown this one time: only its digest is kept."""
    token = build_state(current_user.tenant_id, secrets.token_bytes(32))
    new = NewInvitation(
        name=form.name.data.strip(),
        platform=form.platform.data,
        tool_name=form.tool_name.data.strip(),
        privacy=form.privacy.data,
    )
    with transaction(current_user.tenant_id) as session:
        invitation = links.create_invitation(
            session,
            new,
            token=token,
            created_by=current_user.id,
            now=datetime.now(UTC),
            lifetime=timedelta(days=form.days.data),
        )
    path = url_for("lti_registration.ask", token=token)
    return _link_page(invitation, [], address=current_app.config["LECTERN"].app_url + path)


def _link_page(
    invitation: RegistrationInvitation, entries: Sequence[object], address: str = ""
) -> ResponseReturnValue:
    return render_template(
        "admin/platform_link.html",
        invitation=invitation,
        state=link_state(invitation),
        entries=entries,
        address=address,
        products=PRODUCTS,
        where=WHERE_TO_PASTE,
        privacy=texts.PRIVACY_TEXTS,
        texts=texts.TEXTS,
    )
