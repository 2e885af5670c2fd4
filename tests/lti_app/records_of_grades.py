"""Something to see on the pages of a platform's grades and rosters."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from lti_app.models.context import Context, LinkMember, ResourceLink
from lti_app.models.grade import Grade, Passback
from lti_app.models.grade_service import PlatformJob
from lti_app.models.registration import Deployment
from lti_app.models.roster import RosterMember
from lti_app.models.user import User

_STEPS = [
    {"key": "token", "state": "ok", "reason": "", "said": "", "status": 200},
    {"key": "key_set", "state": "ok", "reason": "", "said": "", "status": None},
    {
        "key": "scopes",
        "state": "failed",
        "reason": "scope_missing",
        "said": "score",
        "status": None,
    },
    {"key": "line_item", "state": "failed", "reason": "line_item_gone", "said": "", "status": 404},
    {"key": "results", "state": "skipped", "reason": "", "said": "", "status": None},
    {"key": "roster", "state": "skipped", "reason": "no_roster", "said": "", "status": None},
]


def furnish_grades(session: Session, deployment: Deployment, now: datetime) -> dict[str, str]:
    """A course with people in every state; addresses of pages by what they are about."""
    context = Context(
        deployment_id=deployment.id,
        context_id="c-9",
        title="Safety at work",
        memberships_url="https://lms.test/memberships",
        roster_is_scheduled=True,
        roster_read_at=now,
    )
    session.add(context)
    session.flush()
    link = ResourceLink(
        deployment_id=deployment.id,
        resource_link_id="l-9",
        context_id=context.id,
        title="Fire safety",
        line_item_url="https://lms.test/lineitems/9",
        line_item_origin="claim",
    )
    session.add(link)
    session.flush()
    states = ("sent", "sent", "sent", "waiting", "refused", "conflict", "kept")
    grades = [
        _grade(session, deployment, link, number, state, now) for number, state in enumerate(states)
    ]
    for number in range(12):
        grade = grades[number] if number < len(grades) else None
        session.add(_member(context.id, number, grade.user_id if grade else None, now))
    test = PlatformJob(
        kind="test", registration_id=deployment.registration_id, state="done", finished_at=now
    )
    test.report = {"steps": _STEPS}
    running = PlatformJob(kind="resend", registration_id=deployment.registration_id)
    running.state, running.done, running.total, running.touched_at = "running", 340, 1200, now
    compared = PlatformJob(kind="results", registration_id=deployment.registration_id)
    compared.state, compared.finished_at = "done", now
    compared.report = {
        "links": 3,
        "same": 41,
        "conflict": 1,
        "unread": {str(link.id): "scope_result"},
    }
    session.add_all([test, running, compared])
    session.flush()
    return {
        "platform grades": f"/admin/platforms/{deployment.registration_id}/grades",
        "platform test": f"/admin/platforms/jobs/{test.id}",
        "platform comparison": f"/admin/platforms/jobs/{compared.id}",
        "roster": f"/admin/rosters/{context.id}",
        "empty roster": f"/admin/rosters/{context.id}?standing=begun",
        "conflict": f"/admin/grades/{grades[5].id}",
    }


def _grade(
    session: Session,
    deployment: Deployment,
    link: ResourceLink,
    number: int,
    state: str,
    now: datetime,
) -> Grade:
    user = User(display_name=f"Person {number}", given_name="Person", family_name=str(number))
    session.add(user)
    session.flush()
    member = {"subject": f"s{number}", "role": "learner", "last_launched_at": now}
    session.add(LinkMember(resource_link_id=link.id, user_id=user.id, **member))
    grade = Grade(
        user_id=user.id,
        resource_link_id=link.id,
        context_key=f"link:{link.id}",
        item_id=uuid4(),
        attempt_id=uuid4(),
        attempt_number=1,
        title="Fire safety",
        is_final=True,
        score=0.8,
        completion="completed",
        success="passed",
        graded_at=now,
    )
    session.add(grade)
    session.flush()
    row = Passback(
        grade_id=grade.id,
        registration_id=deployment.registration_id,
        resource_link_id=link.id,
        line_item_url=link.line_item_url or "",
        subject=f"s{number}",
        score=0.8,
        state=state,
        reason={"refused": "not_gradable", "conflict": "changed_there", "kept": "theirs_kept"}.get(
            state, ""
        ),
        due_at=now + timedelta(days=400),
        give_up_at=now + timedelta(days=402),
        sent_at=now if state in ("sent", "conflict", "kept") else None,
    )
    if state in ("conflict", "kept"):
        row.result_score, row.result_maximum, row.result_read_at = 9.5, 10.0, now
    session.add(row)
    session.flush()
    return grade


def _member(context_id: UUID, number: int, user_id: UUID | None, now: datetime) -> RosterMember:
    has_name = number != 11
    return RosterMember(
        context_id=context_id,
        subject=f"s{number}",
        user_id=user_id,
        name=f"Person {number}" if has_name else "",
        sort_name=f"Person {number:02}" if has_name else "",
        email=f"p{number}@school.test" if has_name else "",
        roles=["Learner"],
        role="learner",
        status="Inactive" if number == 10 else "Active",
        read_by=uuid4(),
        seen_at=now,
    )
