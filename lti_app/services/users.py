"""People of a tenant: made, listed, changed, signed in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from lti_app.core.permissions import Role
from lti_app.core.worded import Worded
from lti_app.models.user import User
from lti_app.services.passwords import hash_password, is_password, needs_rehash

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class UserInvalid(Worded, ValueError):
    """A person cannot be made or changed so; `field` names what to mend."""

    def __init__(self, field: str, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.field = field


class UserNotFound(LookupError):
    """There is no such person in this tenant."""

    status_hint = 404


@dataclass(frozen=True)
class Lockout:
    """How many failures lock an account, and for how long."""

    failures: int = 5
    minutes: int = 15


def create_user(
    session: Session,
    *,
    email: str,
    password: str | None,
    given_name: str,
    family_name: str,
    role: Role | str = Role.LEARNER,
) -> User:
    """Make a person who signs in with a password (None: not yet).

    Raises UserInvalid for a malformed or taken address, PasswordTooWeak for a bad password.
    """
    address = email.strip()
    if not _EMAIL.fullmatch(address):
        raise UserInvalid("email", "%(address)s is no e-mail address.", address=address)
    if find_user_by_email(session, address) is not None:
        template = "Somebody with the address %(address)s exists already."
        raise UserInvalid("email", template, address=address)
    user = User(
        email=address,
        password_hash=hash_password(password) if password is not None else None,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        display_name=_display_name(given_name, family_name, address),
        role=Role(role).value,
    )
    session.add(user)
    session.flush()
    return user


def find_user(session: Session, user_id: UUID) -> User | None:
    """The person with this id, active or not."""
    return session.get(User, user_id)


def get_user(session: Session, user_id: UUID) -> User:
    """The person with this id; raises UserNotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise UserNotFound("There is no such person.")
    return user


def find_user_by_email(session: Session, email: str) -> User | None:
    """The person with this address, whatever its case."""
    return session.scalar(_with_email(email))


def find_names(session: Session, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What people are called, "–" for those who are gone; one question to the database."""
    ids = set(user_ids)
    query = select(User.id, User.display_name).where(User.id.in_(ids))
    return dict.fromkeys(ids, "–") | {row.id: row.display_name for row in session.execute(query)}


def list_users(session: Session, *, search: str = "", page: int = 1, size: int = 50) -> list[User]:
    """People sorted by name; `search` is looked for in names and addresses."""
    query = select(User).order_by(
        func.lower(User.family_name), func.lower(User.given_name), User.id
    )
    if search.strip():
        query = query.where(_matches(search.strip()))
    return list(session.scalars(query.limit(size).offset((page - 1) * size)))


def count_users(session: Session, *, search: str = "") -> int:
    """How many `list_users` has on all its pages."""
    query = select(func.count()).select_from(User)
    if search.strip():
        query = query.where(_matches(search.strip()))
    return session.scalar(query) or 0


def sign_in(
    session: Session, email: str, password: str, now: datetime, lockout: Lockout | None = None
) -> User | None:
    """The person, or None whatever the reason: unknown, wrong password, locked, not active.

    Takes the same time in each case. Counts failures; `lockout.failures` of them in a row lock
    the account, and while it is locked not even the right password opens it. Commit afterwards
    in both cases: the count is part of the answer.

    The row is locked after the slow comparison only, or a flood of guesses at one account would
    make all threads of the server wait in line; what the lock finds changed decides.
    """
    lockout = lockout or Lockout()
    user = session.scalar(_with_email(email))
    known_hash = user.password_hash if user else None
    right = is_password(password, known_hash)
    if user is None:
        return None
    session.refresh(user, with_for_update=True)
    if not user.is_active or user.password_hash is None:
        return None
    right = right and user.password_hash == known_hash
    if user.locked_until is not None and user.locked_until > now:
        return None
    if not right:
        _record_failure(user, now, lockout)
        return None
    if needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    user.failed_sign_ins, user.locked_until, user.last_sign_in_at = 0, None, now
    return user


def set_password(session: Session, user_id: UUID, password: str) -> User:
    """Give a new password and lift a lock; raises UserNotFound, PasswordTooWeak."""
    user = get_user(session, user_id)
    user.password_hash = hash_password(password)
    user.failed_sign_ins, user.locked_until = 0, None
    return user


def change_password(session: Session, user_id: UUID, old: str, new: str) -> User | None:
    """Give a new password to who knows the old one, else None; raises PasswordTooWeak."""
    user = get_user(session, user_id)
    if user.password_hash is None or not is_password(old, user.password_hash):
        return None
    user.password_hash = hash_password(new)
    return user


def rename(session: Session, user_id: UUID, given_name: str, family_name: str) -> User:
    """Give another name; raises UserNotFound."""
    user = get_user(session, user_id)
    user.given_name, user.family_name = given_name.strip(), family_name.strip()
    user.display_name = _display_name(given_name, family_name, user.email or "")
    return user


def set_active(session: Session, user_id: UUID, active: bool) -> User:
    """Let somebody in, or no more; what they did stays. Raises UserNotFound."""
    user = get_user(session, user_id)
    user.is_active = active
    return user


def set_role(session: Session, user_id: UUID, role: Role | str) -> User:
    """Give somebody another role; raises UserNotFound."""
    user = get_user(session, user_id)
    user.role = Role(role).value
    return user


def _display_name(given_name: str, family_name: str, email: str) -> str:
    return f"{given_name.strip()} {family_name.strip()}".strip() or email.partition("@")[0]


def _record_failure(user: User, now: datetime, lockout: Lockout) -> None:
    # A lock that has run out starts a new count.
    failures = 1 if user.locked_until is not None else user.failed_sign_ins + 1
    user.failed_sign_ins, user.locked_until = failures, None
    if failures >= lockout.failures:
        user.locked_until = now + timedelta(minutes=lockout.minutes)


def _with_email(email: str) -> Select[User]:
    return select(User).where(User.email_key == email.strip().lower())


def _matches(search: str) -> ColumnElement[bool]:
    columns = (User.given_name, User.family_name, User.display_name, User.email)
    return or_(*(column.icontains(search, autoescape=True) for column in columns))
