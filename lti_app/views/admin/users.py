"""People: list, make, change the role, let in or not, give a new password."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from database.session import transaction
from lti_app.core.permissions import Permission, Role, assignable_roles
from lti_app.models.user import User
from lti_app.refusals import say
from lti_app.security.guards import requires
from lti_app.services import users
from lti_app.views.auth import PASSWORD_LENGTH
from lti_app.views.shell import ROLE_LABELS

bp = Blueprint("admin_users", __name__, url_prefix="/admin/people")

PAGE_SIZE = 50


class NewUserForm(FlaskForm):
    given_name = StringField(_l("Given name"), [Length(max=100)])
    family_name = StringField(_l("Family name"), [Length(max=100)])
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Enter an e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    role = SelectField(_l("Role"), [InputRequired()])
    password = PasswordField(
        _l("First password"),
        [InputRequired(_l("Enter a first password.")), PASSWORD_LENGTH],
        render_kw={"autocomplete": "new-password"},
    )


class RoleForm(FlaskForm):
    role = SelectField(_l("Role"), [InputRequired()])


class NewPasswordForm(FlaskForm):
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a new password.")), PASSWORD_LENGTH],
        render_kw={"autocomplete": "new-password"},
    )


@bp.get("/")
@requires(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """People by name; with a search."""
    search = request.args.get("q", "")[:200]
    page = max(request.args.get("page", 1, int), 1)
    with transaction(current_user.tenant_id) as session:
        people = users.list_users(session, search=search, page=page, size=PAGE_SIZE)
        count = users.count_users(session, search=search)
    return render_template(
        "admin/users.html",
        people=people,
        count=count,
        page=page,
        size=PAGE_SIZE,
        search=search,
        now=datetime.now(UTC),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def new() -> ResponseReturnValue:
    """Make an account."""
    form = NewUserForm()
    form.role.choices = _choices()
    if request.method == "GET":
        form.role.data = Role.LEARNER.value
    if form.validate_on_submit() and _create(form):
        flash(_("%(email)s can sign in now.", email=form.email.data), "success")
        return redirect(url_for("admin_users.index"), 303)
    return render_template("admin/user_new.html", form=form), 422 if form.errors else 200


def _create(form: NewUserForm) -> bool:
    try:
        with transaction(current_user.tenant_id) as session:
            users.create_user(
                session,
                email=form.email.data or "",
                password=form.password.data,
                given_name=form.given_name.data or "",
                family_name=form.family_name.data or "",
                role=form.role.data,
            )
    except users.UserInvalid as error:
        form[error.field].errors = [say(error)]
        return False
    return True


@bp.get("/<uuid:user_id>")
@requires(Permission.MANAGE_USERS)
def person(user_id: UUID) -> ResponseReturnValue:
    """One account, and what can be changed about it."""
    return _page(user_id)


@bp.post("/<uuid:user_id>/role")
@requires(Permission.MANAGE_USERS)
def change_role(user_id: UUID) -> ResponseReturnValue:
    """Another role, none above the own."""
    form = RoleForm()
    form.role.choices = _choices()
    if not form.validate_on_submit():
        return _page(user_id, role=form), 422
    with transaction(current_user.tenant_id) as session:
        _check_editable(users.get_user(session, user_id))
        user = users.set_role(session, user_id, form.role.data)
    flash(_("The role of %(name)s is changed.", name=user.display_name), "success")
    return redirect(url_for("admin_users.person", user_id=user_id), 303)


@bp.post("/<uuid:user_id>/password")
@requires(Permission.MANAGE_USERS)
def reset_password(user_id: UUID) -> ResponseReturnValue:
    """A new password; lifts a lock and ends the sessions of that person."""
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _page(user_id, password=form), 422
    with transaction(current_user.tenant_id) as session:
        _check_editable(users.get_user(session, user_id))
        user = users.set_password(session, user_id, form.password.data or "")
    flash(
        _("%(name)s has a new password. Tell it in person, not by e-mail.", name=user.display_name),
        "success",
    )
    return redirect(url_for("admin_users.person", user_id=user_id), 303)


@bp.post("/<uuid:user_id>/active")
@requires(Permission.MANAGE_USERS)
def change_active(user_id: UUID) -> ResponseReturnValue:
    """Let somebody in, or no more."""
    active = request.form.get("active") == "yes"
    with transaction(current_user.tenant_id) as session:
        _check_editable(users.get_user(session, user_id))
        user = users.set_active(session, user_id, active)
    text = _("%(name)s can sign in again.") if active else _("%(name)s cannot sign in any more.")
    flash(text % {"name": user.display_name}, "success")
    return redirect(url_for("admin_users.person", user_id=user_id), 303)


def _choices() -> list[SelectChoice]:
    roles = assignable_roles(Role(current_user.role))
    return [SelectChoice(role.value, str(ROLE_LABELS[role])) for role in reversed(roles)]


def _check_editable(user: User) -> None:
    if obstacle := _find_obstacle(user):
        abort(403, obstacle)


def _find_obstacle(user: User) -> str:
    """Why the visitor may not change this account, or "": it is the own one (nobody locks himself
    out), or one above the own role."""
    if user.id == current_user.id:
        return str(_("Your own account is changed under “Account”."))
    if Role(user.role) not in assignable_roles(Role(current_user.role)):
        return str(_("A system administrator is changed by another one only."))
    return ""


def _page(
    user_id: UUID, role: RoleForm | None = None, password: NewPasswordForm | None = None
) -> str:
    with transaction(current_user.tenant_id) as session:
        user = users.get_user(session, user_id)
    if role is None:
        role = RoleForm(formdata=None, role=user.role)
        role.role.choices = _choices()
    return render_template(
        "admin/user.html",
        user=user,
        role=role,
        password=password or NewPasswordForm(formdata=None),
        editable=not _find_obstacle(user),
        now=datetime.now(UTC),
    )
