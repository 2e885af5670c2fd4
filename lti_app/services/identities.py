"""People who come from a platform: linked by (issuer, subject), never by their e-mail address.

A platform may claim any e-mail; believing it would hand over somebody else's account.
"""

import hashlib
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from database.base import uuid7
from lti_app.core.lti.message import Person
from lti_app.core.permissions import Role
from lti_app.models.user import LtiIdentity, User


def ensure_user(session: Session, issuer: str, person: Person) -> User:
    """The user of (issuer, subject), made at the first launch, brought up to date at each.

    What a platform does not send (any more) stays as it is; without any name there is a
    pseudonym such as "Learner 4f2a" (LTI-G06 to LTI-G08).
    """
    user = find_user(session, issuer, person.subject)
    if user is None:
        user = _create(session, issuer, person)
    if user is None:  # the same person launched twice at the same moment
        user = find_user(session, issuer, person.subject)
    if user is None:
        raise LookupError("the identity is there, and nobody has it")
    _update(session, user, issuer, person)
    return user


def find_user(session: Session, issuer: str, subject: str) -> User | None:
    """The user that (issuer, subject) leads to."""
    return session.scalar(
        select(User)
        .join(LtiIdentity, LtiIdentity.user_id == User.id)
        .where(LtiIdentity.issuer == issuer, LtiIdentity.subject == subject)
    )


def pseudonym(issuer: str, subject: str) -> str:
    """A short, stable name that says nothing about the person."""
    return "Learner " + hashlib.sha256(f"{issuer} {subject}".encode()).hexdigest()[:4]


def _create(session: Session, issuer: str, person: Person) -> User | None:
    """Three statements and no savepoint: when a course begins, everybody is new at once.

    None when somebody else has made the identity meanwhile.
    """
    values = {
        "role": Role.LEARNER.value,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "display_name": _full_name(person) or person.email or pseudonym(issuer, person.subject),
    }
    user = _insert(session, {**values, "email": person.email or None})
    if user is None:  # somebody has this e-mail: the launch works without it
        user = _insert(session, values)
    if user is None:
        return None
    made = session.scalar(
        insert(LtiIdentity)
        .values(id=uuid7(), user_id=user.id, issuer=issuer, subject=person.subject)
        .on_conflict_do_nothing()
        .returning(LtiIdentity.id)
    )
    if made is None:
        session.delete(user)
        session.flush()
        return None
    return user


def _insert(session: Session, values: Mapping[str, str | None]) -> User | None:
    """None when a unique value is taken."""
    return session.scalars(
        insert(User).values(id=uuid7(), **values).on_conflict_do_nothing().returning(User)
    ).one_or_none()


def _update(session: Session, user: User, issuer: str, person: Person) -> None:
    user.given_name = person.given_name or user.given_name
    user.family_name = person.family_name or user.family_name
    user.display_name = (
        _full_name(person) or user.display_name or person.email or pseudonym(issuer, person.subject)
    )
    if person.email and person.email != user.email and not _is_taken(session, user, person.email):
        try:
            with session.begin_nested():
                user.email = person.email
                session.flush()
        except IntegrityError:  # taken at the same moment: the launch works without it
            session.refresh(user, ["email"])
    session.flush()


def _full_name(person: Person) -> str:
    return person.name or f"{person.given_name} {person.family_name}".strip()


def _is_taken(session: Session, user: User, email: str) -> bool:
    others = select(User.id).where(func.lower(User.email) == email.lower(), User.id != user.id)
    return session.scalar(others.limit(1)) is not None
