"""Whether somebody who plays is still let in: asked at each of the player's requests, so by one
function of the database (player_door, migration 0021) and without the ORM."""

from uuid import UUID

from sqlalchemy.orm import Session

_DOOR = "SELECT player_door(%(person)s, %(launch)s)"


def may_play(session: Session, user_id: UUID, launch_id: UUID | None) -> bool:
    """Person and tenant are switched on; and so are the registration and the deployment of the
    launch, which was this person's. None: they came by the portal."""
    keys = {"person": user_id, "launch": launch_id}
    return bool(session.connection().exec_driver_sql(_DOOR, keys).scalar_one())
