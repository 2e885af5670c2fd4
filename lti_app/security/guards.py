"""Who may open a page: every route carries one of these, and a test looks for it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lti_app.core.permissions import Permission, Role, is_allowed

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)

View = Callable[P, R]


def public(reason: str) -> Callable[[View[P, R]], View[P, R]]:
    """Anyone may open it; `reason` says what protects it instead, or why nothing need."""

    def mark(view: View[P, R]) -> View[P, R]:
        view.__guard__ = f"public: {reason}"  # type: ignore[attr-defined]  # read by a test
        return view

    return mark


def _ask_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page and back here; after a form only to the sign-in page. Programs: 401."""
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    flash(_("Sign in to see this page."), "info")
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in", next=target))


def requires(
    permission: Permission,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Only people signed in on the portal whose role holds `permission`."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _ask_to_sign_in()
            if not is_allowed(Role(current_user.role), permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.__guard__ = permission.value  # type: ignore[attr-defined]  # read by a test
        return guarded

    return guard
