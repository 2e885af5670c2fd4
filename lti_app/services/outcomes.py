"""What happens when somebody finishes something: the one file to open for it (DESIGN journey A).

    outcome ─► answers ─► statements ─► grade and its change ─► passback row ─► (then) job

Everything up to the passback row is written in the transaction of the commit that caused it, so
either all of it exists or none. Certificates and webhooks will join here.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from database.session import on_commit
from lti_app import queue
from lti_app.core.grading import Gradable, GradeValue, write_comment
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.context import LinkMember
from lti_app.models.grade import Grade, Passback
from lti_app.services import (
    grade_counting,
    grades,
    launches,
    line_item_rows,
    passback,
    resource_links,
    statements,
)
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.services.answers import record_answers


@dataclass(frozen=True)
class Recorded:
    """What an outcome led to."""

    statement_ids: tuple[UUID, ...] = ()
    grade_id: UUID | None = None
    passback_id: UUID | None = None


def record_outcome(session: Session, outcome: Outcome, *, now: datetime, app_url: str) -> Recorded:
    """Answers, statements, grade, passback row for one commit; a review leaves no trace.

    `app_url` is the origin of activity ids. Jobs are enqueued after the transaction's commit.
    """
    if outcome.mode == "review":
        return Recorded()
    record_answers(session, outcome)
    statement_ids = statements.record_statements(session, outcome, app_url=app_url, now=now)
    gradable = grade_counting.build_gradable(outcome)
    if outcome.is_result_known and not (gradable.value.is_final and _has_link(gradable)):
        return Recorded(statement_ids=tuple(statement_ids))
    recorded = record_gradable(session, gradable, now)
    return replace(recorded, statement_ids=tuple(statement_ids))


def record_gradable(session: Session, gradable: Gradable, now: datetime) -> Recorded:
    """Grade and passback row for a report about anything gradable: a package, or native content."""
    role, is_test_user = _find_role(session, gradable)
    grade, made, _changed = grades.record_grade(session, gradable, role=role)
    row = None
    if role.is_graded and not is_test_user:
        row = _schedule(session, gradable, grade, made, now)
    return Recorded((), grade.id, row.id if row else None)


def _has_link(gradable: Gradable) -> bool:
    """Then a final grade may have to be sent although nothing is new but the line item."""
    return resource_links.read_context_key(gradable.context_key) is not None


def enqueue_passback(session: Session, row: Passback) -> None:
    """Ask for a passback row to be sent once the transaction is committed."""
    ask = partial(queue.enqueue_once, queue.DELIVER_SCORES, row.tenant_id, row.registration_id)
    on_commit(session, ask)


def _schedule(
    session: Session, gradable: Gradable, grade: Grade, made: GradeValue, now: datetime
) -> Passback | None:
    """Not only when this commit changed the grade: the line item may be new since it did."""
    member = _find_member(session, gradable)
    if member is None or not (made.is_final or grade.is_pending_manual):
        return None
    link = resource_links.get_resource_link(session, member.resource_link_id)
    if line_item_rows.is_wanted(link):
        ask = partial(queue.enqueue_once, queue.ENSURE_LINE_ITEM, link.tenant_id, link.id)
        on_commit(session, ask)
    row = passback.schedule(
        session,
        grade,
        member,
        link,
        comment=write_comment(grade.title, made, grade.attempt_number),
        now=now,
    )
    if row is not None:
        enqueue_passback(session, row)
    return row


def _find_role(session: Session, gradable: Gradable) -> tuple[LaunchRole, bool]:
    """(role, is test user) of the launch that the gradable belongs to; portal: a learner."""
    launch = launches.find_by_reference(session, gradable.launch_ref)
    if launch is not None:
        return LaunchRole(launch.role or "none"), launch.is_test_user
    member = _find_member(session, gradable)
    if member is not None:
        return LaunchRole(member.role), member.is_test_user
    return LaunchRole.LEARNER, False


def _find_member(session: Session, gradable: Gradable) -> LinkMember | None:
    link_id = resource_links.read_context_key(gradable.context_key)
    if link_id is None:
        return None
    return resource_links.find_member(session, link_id, gradable.user_id)
