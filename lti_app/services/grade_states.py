"""How many grades are sent, wait, were refused, or are in conflict: figures for charts."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from lti_app.models.grade import Passback

STATES = ("sent", "waiting", "refused", "conflict", "kept")
"""In the order of the chart; "sending" counts as waiting."""


def count_states(
    session: Session, registration_id: UUID, link_id: UUID | None = None
) -> dict[str, int]:
    """Grades of a platform, or of one of its links, by the state of their newest sending."""
    newest = select(Passback.grade_id, Passback.state).where(
        Passback.registration_id == registration_id, Passback.state != "superseded"
    )
    if link_id is not None:
        newest = newest.where(Passback.resource_link_id == link_id)
    rows = (
        newest.ext(distinct_on(Passback.grade_id))
        .order_by(Passback.grade_id, Passback.id.desc())
        .subquery()
    )
    counted = session.execute(select(rows.c.state, func.count()).group_by(rows.c.state))
    found = {state: int(count) for state, count in counted}
    found["waiting"] = found.get("waiting", 0) + found.pop("sending", 0)
    return {state: found.get(state, 0) for state in STATES}
