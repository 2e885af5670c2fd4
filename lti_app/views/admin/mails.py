"""Mails: what was sent and what was not; where no server is configured, the messages themselves."""

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from database.session import transaction
from lti_app import mail
from lti_app.core.notices import KINDS
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import mails

bp = Blueprint("admin_mails", __name__, url_prefix="/admin/mails")


@bp.get("/")
@requires(Permission.MANAGE_SETTINGS)
def index() -> ResponseReturnValue:
    """The newest, with what the mail server answered. Never an address."""
    state = "failed" if request.args.get("state") == "failed" else None
    with transaction(current_user.tenant_id) as session:
        rows = mails.list_mails(session, state=state)
        counts = mails.count_by_state(session)
    return render_template(
        "admin/mails.html",
        rows=[(row, name, KINDS[row.kind]) for row, name in rows if row.kind in KINDS],
        counts=counts,
        state=state,
        has_server=bool(current_app.config["LECTERN"].smtp_url),
    )


@bp.get("/<uuid:mail_id>")
@requires(Permission.MANAGE_SETTINGS)
def show(mail_id: object) -> ResponseReturnValue:
    """A message that was kept because there is no server: its plain text."""
    config = current_app.config["LECTERN"]
    with transaction(current_user.tenant_id) as session:
        known = {str(row.id) for row, _name in mails.list_mails(session, limit=mail.KEPT)}
    found = [
        each
        for each in mail.list_kept(config.data_folder / "mail")
        if each["Message-ID"].strip("<>").partition("@")[0] == str(mail_id)
    ]
    if config.smtp_url or str(mail_id) not in known or not found:
        abort(404)
    text = dict(mail.bodies(found[0])).get("plain", "")
    return render_template("admin/mail.html", message=found[0], text=text)
