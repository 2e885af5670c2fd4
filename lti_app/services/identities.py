"""People who come from a platform: linked by (issuer, subject), never by their e-mail address.

A platform may claim any e-mail; believing it would hand over somebody else's account.
"""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from database.base import keep, uuid7
from database.prepared import PREPARED
from lti_app.core.lti.message import Person
from lti_app.core.lti.reasons import Refusal
from lti_app.core.permissions import Role
from lti_app.models.user import LtiIdentity, User


def ensure_user(session: Session, issuer: str, person: Person, known: User | None) -> UUID:
    """The user of (issuer, subject), made at the first launch, brought up to date at each; `known`
    is who it was a moment ago. Raises Refusal `user_disabled`.

    What a platform does not send (any more) stays as it is; without any name there is a
    pseudonym such as "Learner 4f2a" (LTI-G06 to LTI-G08).
    """
    if known is None:
        made = _create(session, issuer, person)
        if made is not None:
            return made
        known = find_user(session, issuer, person.subject)  # launched twice at the same moment
    if known is None:
        raise LookupError("the identity is there, and nobody has it")
    if not known.is_active:
        raise Refusal("user_disabled", "the account is switched off here")
    _update(session, known, issuer, person)
    return known.id


_USER = (
    select(User)
    .join(LtiIdentity, LtiIdentity.user_id == User.id)
    .where(LtiIdentity.issuer == bindparam("issuer"), LtiIdentity.subject == bindparam("subject"))
    .execution_options(**PREPARED)
)


def find_user(session: Session, issuer: str, subject: str) -> User | None:
    """The user that (issuer, subject) leads to."""
    return session.scalar(_USER, {"issuer": issuer, "subject": subject})


def pseudonym(issuer: str, subject: str) -> str:
    """A short, stable name that says nothing about the person."""
    return "Learner " + hashlib.sha256(f"{issuer} {subject}".encode()).hexdigest()[:4]


def _create(session: Session, issuer: str, person: Person) -> UUID | None:
    """One statement and no savepoint: when a course begins, everybody is new at once.

    None when somebody else has made the identity meanwhile.
    """
    user_id = uuid7()
    values = {
        "user_id": user_id,
        "email": person.email or None,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "display_name": _full_name(person) or person.email or pseudonym(issuer, person.subject),
        "identity_id": uuid7(),
        "issuer": issuer,
        "subject": person.subject,
    }
    if _insert(session, values):
        return user_id
    if person.email and find_user(session, issuer, person.subject) is None:
        without = {**values, "email": None}  # somebody has this e-mail: the launch works without it
        return user_id if _insert(session, without) else None
    return None


_NEW_USER = (
    insert(User)
    .values(
        id=bindparam("user_id"),
        role=Role.LEARNER.value,
        **{
            name: bindparam(name) for name in ("email", "given_name", "family_name", "display_name")
        },
    )
    .on_conflict_do_nothing()
    .returning(User.id)
    .cte("made")
)
_NEW_IDENTITY = (
    insert(LtiIdentity)
    .from_select(
        ["id", "user_id", "issuer", "subject"],
        select(
            bindparam("identity_id", type_=LtiIdentity.id.type),
            _NEW_USER.c.id,
            bindparam("issuer", type_=LtiIdentity.issuer.type),
            bindparam("subject", type_=LtiIdentity.subject.type),
        ),
    )
    .on_conflict_do_nothing()
    .returning(LtiIdentity.id)
    .execution_options(**PREPARED)
)


def _insert(session: Session, values: Mapping[str, object]) -> bool:
    """False when a unique value is taken; then nothing was made."""
    connection = session.connection()
    if connection.execute(_NEW_IDENTITY, values).one_or_none() is not None:
        return True
    connection.execute(delete(User).where(User.id == values["user_id"]))
    return False


def _update(session: Session, user: User, issuer: str, person: Person) -> None:
    keep(
        user,
        given_name=person.given_name or user.given_name,
        family_name=person.family_name or user.family_name,
        display_name=_full_name(person)
        or user.display_name
        or person.email
        or pseudonym(issuer, person.subject),
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
    others = select(User.id).where(User.email_key == email.lower(), User.id != user.id)
    return session.scalar(others.limit(1)) is not None
