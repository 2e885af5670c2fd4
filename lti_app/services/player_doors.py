"""What the player asks of its host at each of its requests: by functions of the database (migration
0021), each one round trip, without the ORM."""

from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from database.asking import ask

_DOOR = "SELECT player_door(%(person)s, %(launch)s)"
_CHIP = "SELECT player_chip(%(person)s, %(launch)s)"


def may_play(session: Session, user_id: UUID, launch_id: UUID | None) -> bool:
    """Person and tenant are switched on; and so are the registration and the deployment of the
    launch, which was this person's. None: they came by the portal."""
    keys = {"person": user_id, "launch": launch_id}
    return bool(ask(session, _DOOR, keys))


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of a person's grade where a launch led."""

    role: str
    """Of the launch."""
    is_test_user: bool
    has_line_item: bool
    """The platform keeps a grade for this link."""
    is_final: bool
    """There is a grade, and it counts."""
    state: str | None
    """Of the newest sending that no newer grade has replaced; None where there is none."""
    reason: str | None


def find_sending(session: Session, user_id: UUID, launch_id: UUID) -> Sending | None:
    """None where the launch led to no link."""
    session.flush()  # what it reads may be held back
    keys = {"person": user_id, "launch": launch_id}
    text = ask(session, _CHIP, keys)
    return None if text is None else Sending(**orjson.loads(text))
