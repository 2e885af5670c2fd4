"""Connecting a platform by hand: its steps with every value to copy, and the fields to paste back
what it shows, on one page."""

from dataclasses import replace
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from database.routing import RouteTaken
from database.session import transaction
from lti_app.core.lti.copies import HISTORY_VARIABLES
from lti_app.core.lti.registration import RegistrationInvalid
from lti_app.core.lti.tool_description import Tool
from lti_app.core.permissions import Permission
from lti_app.core.platforms.by_hand import BY_HAND, build_by_hand
from lti_app.core.platforms.families import get_family
from lti_app.core.platforms.registering import find_registering
from lti_app.models.tenant import Tenant
from lti_app.refusals import say
from lti_app.security.guards import requires
from lti_app.services import keys, registrations
from lti_app.views.admin.platform_links import PRODUCTS
from lti_app.views.admin.platforms import bp
from lti_app.views.admin.setup_steps import STEPS, facts
from lti_app.views.tool_facts import build_tool


class PasteForm(FlaskForm):
    name = StringField(_l("Name"), [Length(max=200)])
    site = StringField(_l("Address of the site"), [Length(max=500)])
    issuer = StringField(_l("Issuer (platform id)"), [Length(max=500)])
    auth_login_url = StringField(_l("Authentication request address"), [Length(max=2000)])
    token_url = StringField(_l("Access token address"), [Length(max=2000)])
    jwks_url = StringField(_l("Key set address"), [Length(max=2000)])
    client_id = StringField(_l("Client id"), [Length(max=500)])
    deployment_id = StringField(_l("Deployment id"), [Length(max=255)])


HINTS = {
    "client_id": _l("As the platform shows it after saving."),
    "deployment_id": _l("Without it the first launch waits for your approval."),
}


SITES = {
    "canvas": "https://school.instructure.com",
    "moodle": "https://moodle.example.org",
    "brightspace": "https://school.brightspace.com",
    "sakai": "https://sakai.example.org",
}
"""What a site's address looks like, by product."""


@bp.route("/connect/by-hand/<family>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLATFORMS)
def manual(family: str) -> ResponseReturnValue:
    """The steps of one product, and where its answer is entered."""
    if family not in BY_HAND:
        abort(404, _("There are no steps for this product."))
    form = PasteForm()
    _ask(form, family)
    if form.validate_on_submit():
        saved = _save(form, family)
        if saved is not None:
            flash(_("The platform is registered. Try a launch: the log shows it."), "success")
            return redirect(url_for("admin_platforms.platform", registration_id=saved), 303)
    with transaction(current_user.tenant_id) as session:
        keys.ensure_current_key(session)  # the key set that it is about to read is not empty
        tenant = session.get_one(Tenant, current_user.tenant_id)
    page = render_template(
        "admin/platform_manual.html",
        form=form,
        family=family,
        label=PRODUCTS[family],
        steps=STEPS[family],
        facts=_facts(build_tool(tenant), family),
        asks=BY_HAND[family].asks,
        hints=_hints(family),
    )
    return page, 422 if form.errors else 200


def _ask(form: PasteForm, family: str) -> None:
    """Say which of the fields this product needs; the rest is not shown."""
    for name in BY_HAND[family].asks:
        if name != "deployment_id":
            form[name].flags.required = True


def _hints(family: str) -> dict[str, object]:
    site = _("As in your browser, for example %(address)s", address=SITES.get(family, ""))
    return {**HINTS, "site": site}


def _facts(tool: Tool, family: str) -> dict[str, str]:
    path = url_for("lti_config.tenant_config", tenant_id=current_user.tenant_id)
    config_url = current_app.config["LECTERN"].app_url + path
    return facts(tool, config_url, {**HISTORY_VARIABLES, **find_registering(family).custom})


def _save(form: PasteForm, family: str) -> UUID | None:
    """The registration's id, or None with the error beside its field."""
    typed = {field.name: (field.data or "").strip() for field in form if field.name != "csrf_token"}
    missing = [name for name in BY_HAND[family].asks if not typed[name] and name != "deployment_id"]
    for name in missing:
        form[name].errors = [_("Enter what the platform shows here.")]
    if missing:
        return None
    try:
        new = build_by_hand(family, typed)
        known = replace(new, platform=get_family(family).code)
        with transaction(current_user.tenant_id) as session:
            return registrations.register(session, known).id
    except RegistrationInvalid as error:
        name = error.field if error.field in BY_HAND[family].asks else BY_HAND[family].asks[0]
        form[name].errors = [say(error)]
    except RouteTaken:
        form.client_id.errors = [_("Another school on this server has this issuer and client id.")]
    return None
