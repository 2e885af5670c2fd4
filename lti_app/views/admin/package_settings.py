"""The settings of a package: each explained, its default marked, refused by name."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.views.admin.packages import bp, get_editable, is_editable
from lti_app.views.admin.setting_texts import GROUPS, TEXTS
from scorm_runtime.core.package_settings import (
    RULES,
    Problem,
    Rule,
    SettingsRefused,
    read_package_settings,
    value_of,
)
from scorm_runtime.services import package_settings, packages

_RULES = {rule.name: rule for rule in RULES}


@bp.get("/<uuid:package_id>/settings")
@requires(Permission.CREATE_CONTENT)
def settings(package_id: UUID) -> ResponseReturnValue:
    """What holds now; for who may not change the package, to read."""
    return _page(package_id)


@bp.post("/<uuid:package_id>/settings")
@requires(Permission.EDIT_OWN_CONTENT)
def change_settings(package_id: UUID) -> ResponseReturnValue:
    """Take all settings of the form, or none of them."""
    entered = {name: _read(rule, request.form) for name, rule in _RULES.items()}
    try:
        with transaction(current_user.tenant_id) as session:
            get_editable(session, package_id)
            package_settings.change_settings(session, package_id, entered, made_by=current_user.id)
    except SettingsRefused as refused:
        return _page(package_id, entered, refused.problems), 422
    flash(_("The settings are saved; they hold from the next launch on."), "success")
    return redirect(url_for("admin_packages.settings", package_id=package_id), 303)


def _read(rule: Rule, form: MultiDict[str, str]) -> Any:
    """The field as JSON would have it; what is no number stays a text, to be refused by name."""
    text = form.get(rule.name, "").strip()
    if rule.kind == "switch":
        return text == "yes"
    try:
        if rule.kind == "whole":
            return int(text) if text else 0
        if rule.kind == "share":
            return round(float(text.replace(",", ".")) / 100, 6)
    except ValueError:
        pass
    return text


def _page(
    package_id: UUID,
    entered: dict[str, Any] | None = None,
    problems: tuple[Problem, ...] = (),
) -> str:
    with transaction(current_user.tenant_id) as session:
        found = packages.get_package(session, package_id)
    now = read_package_settings(found.settings)
    values = {name: value_of(now, name) for name in _RULES}
    return render_template(
        "admin/package_settings.html",
        package=found,
        groups=GROUPS,
        texts=TEXTS,
        rules=_RULES,
        values=values | (entered or {}),
        errors={problem.name: _say(_RULES[problem.name]) for problem in problems},
        editable=is_editable(found),
    )


def _say(rule: Rule) -> str:
    """What a setting has to be, for the person in front of the form."""
    if rule.kind == "share":
        return _("Enter a number from 0 to 100.")
    if rule.kind == "whole" and rule.zero_means_none:
        least, most = rule.least, rule.most
        text = _("Enter a whole number from %(least)s to %(most)s, or nothing.")
        return text % {"least": least, "most": most}
    if rule.kind == "whole":
        text = _("Enter a whole number from %(least)s to %(most)s.")
        return text % {"least": rule.least, "most": rule.most}
    return _("Choose one of those that are listed.")
