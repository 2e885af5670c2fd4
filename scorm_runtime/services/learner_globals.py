"""What a learner carries from course to course: global objectives and shared data stores.

Read and written under a lock of that learner's own, because two courses may be open at once and
each commit works on all of it (SN 4th Ed. 3.10; ST-10).
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.storable import from_storable, to_storable
from scorm_runtime.models.attempt import LearnerGlobal


def lock_globals(session: Session, user_id: UUID) -> None:
    """Until the transaction ends nobody else may take this learner's globals under lock."""
    key = func.hashtextextended(f"learner_global:{user_id}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))


def load_globals(session: Session, user_id: UUID) -> LearnerGlobals:
    """All that the learner carries."""
    found = LearnerGlobals()
    for row in session.scalars(
        select(LearnerGlobal)
        .where(LearnerGlobal.user_id == user_id)
        .execution_options(populate_existing=True)
    ):
        key, value = from_storable(row.key), from_storable(row.value)
        if row.kind == "objective":
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
