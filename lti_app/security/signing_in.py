"""The portal's session: who is signed in, how a session begins and ends (Flask-Login).

The cookie `lectern` (`__Host-lectern` where there is TLS) holds the tenant's id, the person's id
and a fingerprint of the password hash: a new password ends every other session of that person. LTI
launches do not use it.
"""

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user, logout_user

from database.session import transaction
from lti_app.core.permissions import Permission, Role, is_allowed
from lti_app.models.user import User
from lti_app.security.tenancy import find_current_tenant
from lti_app.services.users import find_user

HOST_PREFIX = "__Host-"
"""A cookie so named was set by this very host, with Secure and for all paths (RFC 6265bis)."""

login_manager = LoginManager()
login_manager.session_protection = None  # addresses of phones change; the cookie is HttpOnly


@dataclass(frozen=True, eq=False)
class Visitor(UserMixin):
    """The person signed in, as far as pages need to know: values, not a row."""

    id: UUID
    tenant_id: UUID
    role: str
    name: str
    email: str
    fingerprint: str
    locale: str = ""
    """The language that they chose; "" for the browser's."""

    def get_id(self) -> str:
        return f"{self.tenant_id.hex}:{self.id.hex}:{self.fingerprint}"

    def may(self, permission: Permission) -> bool:
        """Whether the role holds `permission`."""
        return is_allowed(Role(self.role), permission)


def init_app(app: Flask) -> None:
    """Load the visitor of each request from its cookie."""
    login_manager.init_app(app)
    login_manager.user_loader(_load)


def begin_session(user: User) -> None:
    """Sign `user` in with a new session: nothing of an earlier one survives."""
    cookie.clear()
    cookie.permanent = True
    login_user(_visitor(user))


def end_session() -> None:
    """Sign out and forget everything the cookie held."""
    logout_user()
    cookie.clear()


def is_local(target: str | None) -> bool:
    """Whether a redirect to `target` stays on this origin: a path, and nothing browsers take
    for a host (`//host`, `/\\host`, control characters that they drop)."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return False
    if any(character < " " or character in "\\\x7f" for character in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def _load(text: str) -> Visitor | None:
    tenant_id, _, rest = text.partition(":")
    user_id, _, fingerprint = rest.partition(":")
    tenant = find_current_tenant()
    if tenant is None or tenant.id.hex != tenant_id:
        return None
    with transaction(tenant.id) as session:
        user = find_user(session, UUID(user_id))
    if user is None or not user.is_active:
        return None
    visitor = _visitor(user)
    return visitor if visitor.fingerprint == fingerprint else None


def _visitor(user: User) -> Visitor:
    return Visitor(
        id=user.id,
        tenant_id=user.tenant_id,
        role=user.role,
        name=user.display_name,
        email=user.email or "",
        fingerprint=sha256((user.password_hash or "").encode()).hexdigest()[:16],
        locale=user.locale or "",
    )
