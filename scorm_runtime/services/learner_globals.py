"""What a learner carries from course to course: global objectives and shared data stores.

Read and written under a lock of that learner's own, because two courses may be open at once and
each commit works on all of it (SN 4th Ed. 3.10; ST-10).
"""

from uuid import UUID

import orjson
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.asking import ask
from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.storable import from_storable, to_storable
from scorm_runtime.models.attempt import LearnerGlobal

_LOAD = "SELECT learner_globals(%(user)s, %(locks)s)"


def load_globals(session: Session, user_id: UUID, *, locks: bool) -> LearnerGlobals:
    """All that the learner carries; with `locks` nobody else may take it under lock until the
    transaction ends. One round trip (migration 0021)."""
    keys = {"user": user_id, "locks": locks}
    text = ask(session, _LOAD, keys)
    found = LearnerGlobals()
    for kind, key, value in from_storable(orjson.loads(text)) if text else ():
        if kind == "objective":
            found.objectives[key] = value
        else:
            found.stores[key] = value.get("value", "")
    return found


def save_globals(
    session: Session, user_id: UUID, before: LearnerGlobals, after: LearnerGlobals
) -> None:
    """Write what differs from `before`; the lock must be held."""
    for name, known in after.objectives.items():
        if before.objectives.get(name) != known:
            _save(session, user_id, "objective", name, dict(known))
    for name, text in after.stores.items():
        if before.stores.get(name) != text:
            _save(session, user_id, "data", name, {"value": text})


def _save(session: Session, user_id: UUID, kind: str, name: str, value: dict[str, object]) -> None:
    stored = to_storable(value)
    session.execute(
        insert(LearnerGlobal)
        .values(user_id=user_id, kind=kind, key=to_storable(name), value=stored)
        .on_conflict_do_update(index_elements=["user_id", "kind", "key"], set_={"value": stored})
    )
