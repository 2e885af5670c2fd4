"""Record stores: their endpoint, statements per day, and what was refused and why."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import record_jobs
from lti_app.views.admin.scope_labels import SCOPE_LABELS
from lti_app.views.charts import Bars, bar_chart
from xapi_lrs.core.errors import LrsError
from xapi_lrs.models.store import Store
from xapi_lrs.services import browsing, credentials, rejections, stores

bp = Blueprint("admin_stores", __name__, url_prefix="/admin/records")

DAYS = 30


class StoreForm(FlaskForm):
    name = StringField(_l("Name"), [DataRequired(_l("Give it a name.")), Length(max=200)])
    slug = StringField(
        _l("Place in the address"),
        [DataRequired(_l("Enter a word for its address.")), Length(max=60)],
    )


@dataclass(frozen=True)
class Row:
    """A store in the list."""

    store: Store
    endpoint: str
    today: int
    week: int


@bp.get("/")
@requires(Permission.VIEW_ANALYTICS)
def index() -> ResponseReturnValue:
    """All stores of the organisation."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        stores.ensure_store(session)
        rows = [_row(session, store, now) for store in stores.list_stores(session)]
    return render_template("admin/records/stores.html", rows=rows)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SETTINGS)
def new() -> ResponseReturnValue:
    """Another store."""
    form = StoreForm()
    if form.validate_on_submit():
        slug = (form.slug.data or "").strip()
        try:
            with transaction(current_user.tenant_id) as session:
                stores.create_store(session, slug, form.name.data or "")
        except LrsError as refused:
            form.slug.errors = [str(refused)]
        else:
            flash(_("The store is there. Now it needs a key."), "success")
            return redirect(url_for("admin_stores.store", slug=slug), 303)
    page = render_template("admin/records/store_new.html", form=form)
    return page, 422 if form.errors else 200


@bp.get("/<slug>/")
@requires(Permission.VIEW_ANALYTICS)
def store(slug: str) -> ResponseReturnValue:
    """One store: endpoint, keys, chart, refused requests, jobs."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        found = get_store(session, slug)
        keys = credentials.list_credentials(session, found)
        days = browsing.count_by_day(session, found, now=now, days=DAYS)
        refused = rejections.list_rejections(session, found, limit=10)
        jobs = record_jobs.list_jobs(session, found.id, limit=10)
    bars = [Bars(format_date(one.day, "d MMM"), (one.statements,)) for one in days]
    return render_template(
        "admin/records/store.html",
        store=found,
        endpoint=endpoint_of(found),
        keys=keys,
        days=days,
        chart=bar_chart(bars, _("Statements per day, the last %(days)s days", days=DAYS)),
        rejections=refused,
        jobs=jobs,
        scope_labels=SCOPE_LABELS,
        now=now,
    )


@bp.post("/<slug>/name")
@requires(Permission.MANAGE_SETTINGS)
def rename(slug: str) -> ResponseReturnValue:
    """Another name; the address stays."""
    name = request.form.get("name", "").strip()[:200]
    with transaction(current_user.tenant_id) as session:
        found = get_store(session, slug)
        if name:
            stores.rename_store(session, found.id, name)
    text = _("The name is saved.") if name else _("A store needs a name; nothing was changed.")
    flash(text, "success" if name else "danger")
    return redirect(url_for("admin_stores.store", slug=slug), 303)


@bp.post("/<slug>/active")
@requires(Permission.MANAGE_SETTINGS)
def change_active(slug: str) -> ResponseReturnValue:
    """Close the store, or open it again."""
    active = request.form.get("active") == "yes"
    change = stores.reopen_store if active else stores.archive_store
    with transaction(current_user.tenant_id) as session:
        change(session, get_store(session, slug).id)
    text = _("The store takes requests again.") if active else _("Every request is refused now.")
    flash(text, "success")
    return redirect(url_for("admin_stores.store", slug=slug), 303)


@bp.get("/<slug>/refused")
@requires(Permission.VIEW_ANALYTICS)
def refused_requests(slug: str) -> ResponseReturnValue:
    """What was refused, newest first, each with its request and the reasons."""
    before = request.args.get("before", None, UUID)
    with transaction(current_user.tenant_id) as session:
        found = get_store(session, slug)
        rows = rejections.list_rejections(session, found, limit=51, before=before)
    return render_template(
        "admin/records/refused.html", store=found, rejections=rows[:50], has_more=len(rows) > 50
    )


def get_store(session: Session, slug: str) -> Store:
    """The tenant's store, or the error that becomes 404."""
    found = stores.find_store(session, slug)
    if found is None:
        abort(404, _("There is no store of this name."))
    return found


def endpoint_of(store: Store) -> str:
    return f"{current_app.config['LECTERN'].app_url}/xapi/{store.slug}/"


def _row(session: Session, store: Store, now: datetime) -> Row:
    week = browsing.count_by_day(session, store, now=now, days=7)
    total = sum(one.statements for one in week)
    return Row(store, endpoint_of(store), week[-1].statements, total)
