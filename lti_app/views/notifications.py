"""The bell: what I was told, what I want to hear and how; ending a kind of mail by its link."""

from datetime import UTC, datetime
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from database.session import transaction
from lti_app.core.mail_link import read_mail_off
from lti_app.core.notices import CHANNELS, KINDS, MAIL, Kind, is_on
from lti_app.core.permissions import Permission
from lti_app.models.notification import Notification
from lti_app.models.tenant import Tenant
from lti_app.models.user import User
from lti_app.security.forms import csrf
from lti_app.security.guards import public, requires
from lti_app.security.signing_in import is_local
from lti_app.services import notifications

bp = Blueprint("notifications", __name__)


@bp.get("/notifications")
@requires(Permission.TAKE_CONTENT)
def index() -> ResponseReturnValue:
    """Newest first."""
    before = request.args.get("before", None, UUID)
    with transaction(current_user.tenant_id) as session:
        rows = notifications.list_notices(session, current_user.id, before=before)
        unread = notifications.count_unread(session, current_user.id)
    return render_template(
        "portal/notifications.html",
        notices=[(row, KINDS[row.kind], title_of(row)) for row in rows if row.kind in KINDS],
        unread=unread,
        before=rows[-1].id if len(rows) == notifications.LIST_SIZE else None,
    )


@bp.get("/notifications/<uuid:notice_id>")
@requires(Permission.TAKE_CONTENT)
def follow(notice_id: UUID) -> ResponseReturnValue:
    """To what it is about; it counts as read then."""
    with transaction(current_user.tenant_id) as session:
        row = notifications.find_notice(session, current_user.id, notice_id)
        if row is None:
            abort(404)
        notifications.mark_read(session, current_user.id, datetime.now(UTC), notice_id)
    return redirect(row.path if is_local(row.path) else url_for("notifications.index"), 303)


@bp.post("/notifications/read")
@requires(Permission.TAKE_CONTENT)
def read_all() -> ResponseReturnValue:
    """All of them are read."""
    with transaction(current_user.tenant_id) as session:
        notifications.mark_read(session, current_user.id, datetime.now(UTC))
    return redirect(url_for("notifications.index"), 303)


@bp.get("/account/notifications")
@requires(Permission.TAKE_CONTENT)
def choices() -> ResponseReturnValue:
    """A switch per kind and channel."""
    with transaction(current_user.tenant_id) as session:
        chosen = notifications.list_choices(session, current_user.id)
    rows = [
        (name, kind, {channel: is_on(name, channel, chosen) for channel in CHANNELS})
        for name, kind in _kinds()
    ]
    return render_template("auth/notifications.html", rows=rows)


@bp.post("/account/notifications")
@requires(Permission.TAKE_CONTENT)
def choose() -> ResponseReturnValue:
    """All switches at once."""
    with transaction(current_user.tenant_id) as session:
        for name, _kind in _kinds():
            for channel in CHANNELS:
                on = f"{name}:{channel}" in request.form
                notifications.choose(session, current_user.id, name, channel, on=on)
    flash(_("Saved."), "success")
    return redirect(url_for("notifications.choices"), 303)


@bp.route("/mail/off/<token>", methods=["GET", "POST"])
@csrf.exempt
@public("the signed token names one person and one kind of mail; it opens nothing else")
def mail_off(token: str) -> ResponseReturnValue:
    """No more mails of this kind. Mail programs POST without asking (RFC 8058 3.1); people get a
    page with a button first, since programs follow links."""
    off = read_mail_off(current_app.config["SECRET_KEY"], token)
    if off is None or off.kind not in KINDS:
        abort(404)
    done = request.method == "POST"
    with transaction(off.tenant_id) as session:
        user = session.get(User, off.user_id)
        tenant = session.get(Tenant, off.tenant_id)
        if user is None or tenant is None:
            abort(404)
        if done:
            on = request.form.get("do") == "on"
            notifications.choose(session, user.id, off.kind, MAIL, on=on)
            done = not on
    return render_template(
        "mail/off.html", kind=KINDS[off.kind], organisation=tenant.name, done=done
    )


def title_of(row: Notification) -> str:
    """Its sentence, in the language of the page."""
    return _(KINDS[row.kind].title, **row.data)


def unread_count() -> int:
    """For the bell; asked once on each page."""
    with transaction(current_user.tenant_id) as session:
        return notifications.count_unread(session, current_user.id)


def _kinds() -> list[tuple[str, Kind]]:
    is_staff = current_user.may(Permission.VIEW_OWN_ANALYTICS)
    offered = {name: kind for name, kind in KINDS.items() if not kind.chosen_as}
    return [(name, kind) for name, kind in offered.items() if is_staff or not kind.is_for_staff]
