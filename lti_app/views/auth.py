"""Signing in and out, and one's own account."""

from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import public, requires
from lti_app.security.signing_in import begin_session, end_session, is_local
from lti_app.security.tenancy import current_tenant
from lti_app.services import users
from lti_app.services.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH
from lti_app.services.wording import LANGUAGES, find_language

bp = Blueprint("auth", __name__)

PASSWORD_LENGTH = Length(
    MINIMUM_LENGTH,
    MAXIMUM_LENGTH,
    _l("A password has at least %(number)s characters.", number=MINIMUM_LENGTH),
)
"""For every form that takes a new password."""


class SignInForm(FlaskForm):
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Enter your e-mail address."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class AccountForm(FlaskForm):
    given_name = StringField(
        _l("Given name"), [Length(max=100)], render_kw={"autocomplete": "given-name"}
    )
    family_name = StringField(
        _l("Family name"), [Length(max=100)], render_kw={"autocomplete": "family-name"}
    )


class PasswordForm(FlaskForm):
    current_password = PasswordField(
        _l("Password now"),
        [InputRequired(_l("Enter the password that you have now."))],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a new password.")), PASSWORD_LENGTH],
        render_kw={"autocomplete": "new-password"},
    )


@bp.route("/sign-in", methods=["GET", "POST"])
@public("the door itself; protected by lockout and CSRF token")
def sign_in() -> ResponseReturnValue:
    """The form, and its answer: the same words for every kind of failure."""
    target = request.values.get("next")
    target = target if target and is_local(target) else url_for("learning.index")
    if current_user.is_authenticated:
        return redirect(target)
    form = SignInForm()
    if request.method == "GET":
        form.email.data = request.args.get("email", "")
    status = 200
    if form.validate_on_submit():
        if _sign_in(form.email.data or "", form.password.data or ""):
            return redirect(target, 303)
        status = 401
    return render_template(
        "auth/sign_in.html",
        form=form,
        target=target,
        failed=status == 401,
        lock_minutes=current_app.config["LECTERN"].sign_in_lock_minutes,
    ), status


def _sign_in(email: str, password: str) -> bool:
    config = current_app.config["LECTERN"]
    lockout = users.Lockout(config.sign_in_failures, config.sign_in_lock_minutes)
    with transaction(current_tenant().id) as session:
        user = users.sign_in(session, email, password, datetime.now(UTC), lockout)
    if user is not None:
        begin_session(user)
    return user is not None


@bp.post("/sign-out")
@public("ending a session that is not there harms nobody; protected by CSRF token")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    end_session()
    flash(_("You are signed out."), "success")
    return redirect(url_for("landing.index"), 303)


@bp.get("/account")
@requires(Permission.TAKE_CONTENT)
def account() -> ResponseReturnValue:
    """Name and password of the person signed in."""
    return _account_page()


@bp.post("/account")
@requires(Permission.TAKE_CONTENT)
def change_name() -> ResponseReturnValue:
    """Another name."""
    form = AccountForm()
    if not form.validate_on_submit():
        return _account_page(names=form), 422
    with transaction(current_user.tenant_id) as session:
        users.rename(
            session, current_user.id, form.given_name.data or "", form.family_name.data or ""
        )
    flash(_("Your name is changed."), "success")
    return redirect(url_for("auth.account"), 303)


@bp.post("/account/password")
@requires(Permission.TAKE_CONTENT)
def change_password() -> ResponseReturnValue:
    """Another password, for who knows the one of now; all other sessions end."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _account_page(password=form), 422
    old, new = form.current_password.data or "", form.new_password.data or ""
    with transaction(current_user.tenant_id) as session:
        user = users.change_password(session, current_user.id, old, new)
    if user is None:
        form.current_password.errors = [_("That is not your password.")]
        return _account_page(password=form), 422
    begin_session(user)
    flash(_("Your password is changed. Other devices have to sign in again."), "success")
    return redirect(url_for("auth.account"), 303)


@bp.post("/account/language")
@requires(Permission.TAKE_CONTENT)
def change_language() -> ResponseReturnValue:
    """Another language, or the browser's."""
    wanted = find_language(request.form.get("language", ""))
    with transaction(current_user.tenant_id) as session:
        users.get_user(session, current_user.id).locale = wanted
    with force_locale(wanted or get_locale()):
        flash(_("Your language is saved."), "success")
    return redirect(url_for("auth.account"), 303)


def _account_page(names: AccountForm | None = None, password: PasswordForm | None = None) -> str:
    if names is None:
        with transaction(current_user.tenant_id) as session:
            names = AccountForm(formdata=None, obj=users.get_user(session, current_user.id))
    password = password or PasswordForm(formdata=None)
    return render_template(
        "auth/account.html",
        names=names,
        password=password,
        languages=LANGUAGES,
        chosen=find_language(current_user.locale),
    )
