"""Keys of a record store: make one, rotate its secret, revoke it."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import DateField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.views.admin.scope_labels import SCOPE_LABELS
from lti_app.views.admin.stores import bp, endpoint_of, get_store
from xapi_lrs.core.errors import LrsError, NotFound
from xapi_lrs.core.scopes import DEFAULT_SCOPES
from xapi_lrs.models.store import Store
from xapi_lrs.services import credentials


class CredentialForm(FlaskForm):
    name = StringField(_l("Who uses it"), [DataRequired(_l("Say who uses it.")), Length(max=200)])
    scopes = SelectMultipleField(
        _l("May"),
        [DataRequired(_l("Tick what it may do."))],
        choices=[(scope, label) for scope, label in SCOPE_LABELS.items()],
        default=sorted(DEFAULT_SCOPES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    activity_prefix = StringField(_l("Only activities that begin with"), [Length(max=2000)])
    registration = StringField(_l("Only this registration"), [Length(max=36)])
    origins = TextAreaField(_l("Only pages of these origins"), [Length(max=2000)])
    expires_on = DateField(_l("Good until"), [Optional()])
    requests_per_second = IntegerField(
        _l("Requests per second"), [Optional(), NumberRange(0, 1_000_000)]
    )


@bp.route("/<slug>/keys/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SETTINGS)
def new_key(slug: str) -> ResponseReturnValue:
    """A key for a vendor; its secret is shown this one time."""
    form = CredentialForm()
    with transaction(current_user.tenant_id) as session:
        found = get_store(session, slug)
    if form.validate_on_submit():
        made = _make_key(form, slug)
        if made is not None:
            return _show_secret(found, *made)
    page = render_template("admin/records/key_new.html", form=form, store=found)
    return page, 422 if form.errors else 200


@bp.post("/<slug>/keys/<uuid:credential_id>/revoke")
@requires(Permission.MANAGE_SETTINGS)
def revoke_key(slug: str, credential_id: UUID) -> ResponseReturnValue:
    """Nobody comes in with it from now on."""
    with transaction(current_user.tenant_id) as session:
        _check_key(session, slug, credential_id)
        credentials.revoke_credential(session, credential_id, now=datetime.now(UTC))
    flash(_("The key is revoked. What it stored stays."), "success")
    return redirect(url_for("admin_stores.store", slug=slug), 303)


@bp.post("/<slug>/keys/<uuid:credential_id>/rotate")
@requires(Permission.MANAGE_SETTINGS)
def rotate_key(slug: str, credential_id: UUID) -> ResponseReturnValue:
    """A new secret; the old one works for another day."""
    with transaction(current_user.tenant_id) as session:
        found = get_store(session, slug)
        _check_key(session, slug, credential_id)
        credential, secret = credentials.rotate_secret(
            session,
            credential_id,
            now=datetime.now(UTC),
            random=secrets.token_bytes,
            overlap=timedelta(days=1),
        )
    return _show_secret(found, credential.key, secret, is_rotated=True)


def _check_key(session: Session, slug: str, credential_id: UUID) -> None:
    """The key is one of this store's."""
    try:
        credential = credentials.get_credential(session, credential_id)
    except NotFound:
        abort(404, _("This store has no such key."))
    if credential.store_id != get_store(session, slug).id:
        abort(404, _("This store has no such key."))


def _make_key(form: CredentialForm, slug: str) -> tuple[str, str] | None:
    """Key and secret, or None with the error beside its field."""
    restrictions = _restrictions(form)
    if restrictions is None:
        return None
    expires = form.expires_on.data
    until = datetime(expires.year, expires.month, expires.day, tzinfo=UTC) if expires else None
    try:
        with transaction(current_user.tenant_id) as session:
            credential, secret = credentials.create_credential(
                session,
                get_store(session, slug),
                name=(form.name.data or "").strip(),
                scopes=form.scopes.data or (),
                now=datetime.now(UTC),
                random=secrets.token_bytes,
                expires_at=until + timedelta(days=1) if until else None,
                restrictions=restrictions,
            )
            return credential.key, secret
    except LrsError as refused:
        _put_error(form, str(refused))
        return None


def _restrictions(form: CredentialForm) -> credentials.Restrictions | None:
    text = (form.registration.data or "").strip()
    try:
        registration = UUID(text) if text else None
    except ValueError:
        form.registration.errors = [_("A registration is a UUID, with dashes.")]
        return None
    return credentials.Restrictions(
        registration=registration,
        activity_prefix=(form.activity_prefix.data or "").strip() or None,
        origins=tuple((form.origins.data or "").split()),
        requests_per_second=form.requests_per_second.data,
    )


def _put_error(form: CredentialForm, text: str) -> None:
    """Beside the field that the store's refusal names."""
    names = {"expires_at": "expires_on", "origin": "origins"}
    for word in ("activity_prefix", "requests_per_second", "expires_at", "origin", "scopes"):
        if word in text:
            form[names.get(word, word)].errors = [text]
            return
    form.name.errors = [text]


def _show_secret(
    store: Store, key: str, secret: str, *, is_rotated: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "admin/records/secret.html",
        store=store,
        endpoint=endpoint_of(store),
        key=key,
        secret=secret,
        is_rotated=is_rotated,
    )
    return page, 200, {"Cache-Control": "no-store"}
