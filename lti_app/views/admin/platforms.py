"""Platforms: our addresses and keys for them, their registrations and deployments."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from database.routing import RouteTaken
from database.session import transaction
from lti_app.core.lti.registration import NewRegistration, RegistrationInvalid
from lti_app.core.permissions import Permission
from lti_app.core.platforms.by_hand import find_preset
from lti_app.core.platforms.families import FAMILIES
from lti_app.refusals import say
from lti_app.security.guards import requires
from lti_app.services import keys, launch_log, registrations
from lti_app.views.admin.hints import advise
from lti_app.views.admin.trend import trend_line

bp = Blueprint("admin_platforms", __name__, url_prefix="/admin/platforms")


class PlatformForm(FlaskForm):
    name = StringField(_l("Name"), [Length(max=200)])
    platform = SelectField(_l("Product"))
    issuer = StringField(_l("Issuer"), [InputRequired(_l("Enter the platform's issuer."))])
    client_id = StringField(_l("Client id"), [InputRequired(_l("Enter the client id."))])
    auth_login_url = StringField(
        _l("Authentication request address"), [InputRequired(_l("Enter the address."))]
    )
    token_url = StringField(_l("Access token address"), [InputRequired(_l("Enter the address."))])
    jwks_url = StringField(_l("Key set address"), [InputRequired(_l("Enter the address."))])
    deployments = StringField(_l("Deployment ids"))
    token_audience = StringField(_l("Audience of our token requests"))
    leeway_seconds = IntegerField(
        _l("Accepted clock difference in seconds"), [Optional(), NumberRange(0, 300)]
    )


@bp.get("/")
@requires(Permission.MANAGE_PLATFORMS)
def index() -> ResponseReturnValue:
    """Our addresses, what waits for approval, all registrations."""
    with transaction(current_user.tenant_id) as session:
        rows = registrations.list_registrations(session)
        pending = registrations.list_pending_deployments(session)
        plans = keys.list_keys(session)
        anonymous = registrations.allows_anonymous(session)
    return render_template(
        "admin/platforms.html",
        keys=plans,
        anonymous=anonymous,
        overlap_hours=int(keys.OVERLAP.total_seconds() // 3600),
        registrations=rows,
        pending=pending,
        addresses=_addresses(),
        families=FAMILIES,
    )


@bp.post("/keys")
@requires(Permission.MANAGE_PLATFORMS)
def rotate_key() -> ResponseReturnValue:
    """Begin to replace our signing key, or let the next one sign at once."""
    at_once = request.form.get("when") == "now"
    with transaction(current_user.tenant_id) as session:
        keys.rotate(session, datetime.now(UTC), at_once=at_once)
    if at_once:
        flash(
            _("The new key signs from now on. The old one stays published for a while."), "success"
        )
    else:
        flash(
            _("The next key is published. It signs when platforms have had time to see it."),
            "success",
        )
    return redirect(url_for("admin_platforms.index", _anchor="keys"), 303)


@bp.post("/anonymous")
@requires(Permission.MANAGE_PLATFORMS)
def change_anonymous() -> ResponseReturnValue:
    """Let launches in that name nobody, or not."""
    allow = request.form.get("allow") == "yes"
    with transaction(current_user.tenant_id) as session:
        registrations.allow_anonymous(session, allow=allow)
    soon = _("Launches without a person are refused from now on.")
    flash(_("Launches without a person are let in from now on.") if allow else soon, "success")
    return redirect(url_for("admin_platforms.index", _anchor="anonymous"), 303)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLATFORMS)
def new() -> ResponseReturnValue:
    """Register a platform; `?product=` (with `site`, `client_id`) fills in what is known."""
    form = _preset_form() if request.method == "GET" else _form()
    if form.validate_on_submit():
        saved = _save(form)
        if saved is not None:
            flash(_("The platform is registered. Try a launch: the log shows it."), "success")
            return redirect(url_for("admin_platforms.platform", registration_id=saved), 303)
    page = render_template(
        "admin/platform_form.html",
        form=form,
        addresses=_addresses(),
        families=FAMILIES,
        asked=request.args,
    )
    return page, 422 if form.errors else 200


@bp.get("/<uuid:registration_id>")
@requires(Permission.MANAGE_PLATFORMS)
def platform(registration_id: UUID) -> ResponseReturnValue:
    """One registration with its deployments."""
    with transaction(current_user.tenant_id) as session:
        row = registrations.get_registration(session, registration_id)
        deployments = registrations.list_deployments(session, registration_id)
        check = launch_log.check_platform(session, registration_id)
    return render_template(
        "admin/platform.html",
        registration=row,
        deployments=deployments,
        families=FAMILIES,
        check=check,
        advice=advise(check.missing, row.platform),
        trend=trend_line([skew / 1000 for skew in check.skews], _("Clock difference, in seconds")),
    )


@bp.route("/<uuid:registration_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLATFORMS)
def edit(registration_id: UUID) -> ResponseReturnValue:
    """Change addresses and name; issuer and client id say which registration it is."""
    with transaction(current_user.tenant_id) as session:
        row = registrations.get_registration(session, registration_id)
    form = _form(obj=row)
    form.issuer.data, form.client_id.data = row.issuer, row.client_id
    if request.method == "POST" and form.validate() and _save(form) is not None:
        flash(_("The platform is saved."), "success")
        return redirect(url_for("admin_platforms.platform", registration_id=row.id), 303)
    page = render_template(
        "admin/platform_form.html", form=form, registration=row, addresses=_addresses()
    )
    return page, 422 if form.errors else 200


@bp.post("/<uuid:registration_id>/active")
@requires(Permission.MANAGE_PLATFORMS)
def change_active(registration_id: UUID) -> ResponseReturnValue:
    """Switch the registration on or off."""
    active = request.form.get("active") == "yes"
    change = registrations.enable_registration if active else registrations.disable_registration
    with transaction(current_user.tenant_id) as session:
        change(session, registration_id)
    text = _("Launches work again.") if active else _("Launches are refused from now on.")
    flash(text, "success")
    return redirect(url_for("admin_platforms.platform", registration_id=registration_id), 303)


@bp.post("/<uuid:registration_id>/deployments")
@requires(Permission.MANAGE_PLATFORMS)
def add_deployment(registration_id: UUID) -> ResponseReturnValue:
    """Approve a deployment before its first launch."""
    deployment_id = request.form.get("deployment_id", "").strip()[:255]
    if deployment_id:
        with transaction(current_user.tenant_id) as session:
            registrations.add_deployment(session, registration_id, deployment_id)
        flash(_("Deployment %(id)s is approved.", id=deployment_id), "success")
    else:
        flash(_("Enter the deployment id that the platform shows."), "danger")
    return redirect(url_for("admin_platforms.platform", registration_id=registration_id), 303)


@bp.post("/deployments/<uuid:deployment_pk>/state")
@requires(Permission.MANAGE_PLATFORMS)
def change_deployment(deployment_pk: UUID) -> ResponseReturnValue:
    """Approve or disable a deployment."""
    approved = request.form.get("state") == "approved"
    change = registrations.approve_deployment if approved else registrations.disable_deployment
    with transaction(current_user.tenant_id) as session:
        deployment = change(session, deployment_pk)
    text = _("Deployment %(id)s is approved.") if approved else _("Deployment %(id)s is disabled.")
    flash(text % {"id": deployment.deployment_id}, "success")
    target = url_for("admin_platforms.platform", registration_id=deployment.registration_id)
    return redirect(target, 303)


def _preset_form() -> PlatformForm:
    """The empty form, with the addresses of the product that was chosen."""
    product = request.args.get("product", "")
    if product not in FAMILIES:
        return _form()
    site, client_id = (request.args.get(name, "").strip() for name in ("site", "client_id"))
    try:
        return _form(data=find_preset(product, site, client_id))
    except RegistrationInvalid:
        flash(_("This is no address: %(address)s", address=site[:200]), "danger")
        return _form(data=find_preset(product, "", client_id))


def _form(obj: object = None, data: dict[str, str] | None = None) -> PlatformForm:
    form = PlatformForm(obj=obj, data=data)
    form.platform.choices = [
        SelectChoice(family.code, family.label) for family in FAMILIES.values()
    ]
    return form


def _save(form: PlatformForm) -> UUID | None:
    """The registration's id, or None with the error beside its field."""
    text = {
        name: (form[name].data or "").strip()
        for name in ("issuer", "client_id", "auth_login_url", "token_url", "jwks_url", "name")
    }
    deployments = (form.deployments.data or "").replace(",", " ").split()
    new_registration = NewRegistration(
        **text,
        token_audience=(form.token_audience.data or "").strip() or None,
        platform=form.platform.data or "generic",
        leeway_seconds=form.leeway_seconds.data,
        deployments=tuple(deployments),
    )
    try:
        with transaction(current_user.tenant_id) as session:
            return registrations.register(session, new_registration).id
    except RegistrationInvalid as error:
        form[error.field].errors = [say(error)]
    except RouteTaken:
        form.client_id.errors = [_("Another school on this server has this issuer and client id.")]
    return None


def _addresses() -> list[tuple[str, str, str]]:
    """(id, label, address): what platforms ask for."""
    url = current_app.config["LECTERN"].app_url
    return [
        ("tool-url", _("Tool address, also redirection and target link"), f"{url}/lti/launch"),
        ("login-url", _("Login initiation address"), f"{url}/lti/login"),
        ("jwks-url", _("Public key set"), f"{url}/lti/jwks/{current_user.tenant_id}"),
    ]
