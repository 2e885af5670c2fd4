"""Administrators hear of it when a platform does not take its grades. PAIN-04"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.grade import Passback, PassbackTry
from lti_app.models.grade_service import GradeService
from lti_app.models.notification import Mail, Notification
from lti_app.services import grade_alerts
from tests.lti_app.conftest import Portal
from tests.lti_app.learner import Learner

pytestmark = pytest.mark.usefixtures("doors")


def try_some(learner: Learner, states: list[tuple[str, str]]) -> None:
    """One more sending per (state, reason), of another person each, tried just now."""
    row_id = learner.finish()
    with transaction(learner.tenant) as session:
        model = (
            session.get_one(Passback, row_id)
            if row_id
            else session.scalars(select(Passback).limit(1)).one()
        )
        model.state = "superseded"
        for number, (state, reason) in enumerate(states):
            row = Passback(
                grade_id=model.grade_id,
                registration_id=model.registration_id,
                resource_link_id=model.resource_link_id,
                line_item_url=model.line_item_url,
                subject=f"{model.id}-{number}",
                score=0.5,
                state=state,
                reason=reason,
                due_at=datetime.now(UTC) + timedelta(hours=1),
                give_up_at=datetime.now(UTC) + timedelta(hours=48),
                tries=1,
            )
            session.add(row)
            session.flush()
            session.add(PassbackTry(passback_id=row.id, number=1, timestamp=datetime.now(UTC)))


def check(learner: Learner, after: timedelta = timedelta()) -> int:
    with transaction(learner.tenant) as session:
        return grade_alerts.check(session, datetime.now(UTC) + after)


SENT, REFUSED, LATER = ("sent", ""), ("refused", "forbidden"), ("waiting", "server_error")


@pytest.mark.parametrize(
    ("states", "limit", "told"),
    [
        ([SENT] * 8 + [REFUSED] * 2, 20, 0),
        ([SENT] * 7 + [REFUSED] * 3, 20, 1),
        ([SENT] * 6 + [REFUSED] * 2 + [LATER] * 2, 20, 1),
        ([SENT] * 6 + [REFUSED] * 2 + [LATER] * 2, 50, 0),
        ([REFUSED] * 10, 0, 0),
        ([REFUSED] * 4, 20, 0),
        ([SENT] * 9 + [("waiting", "")], 5, 0),
    ],
)
def test_what_fails_is_told_above_the_limit_that_was_chosen(learner, states, limit, told):
    """Refused or put off, of all that was tried in the last hour; 0 is never, four say nothing."""
    try_some(learner, states)
    with transaction(learner.tenant) as session:
        grade_alerts.choose_limit(session, learner.launch.registration_id, limit)
    assert check(learner) == told
    assert check(learner, timedelta(hours=2)) == 0  # that was another hour


def test_administrators_are_told_once_a_day_on_the_portal_and_by_mail(portal: Portal, browser):
    admin, teacher = portal.add(Role.TENANT_ADMINISTRATOR), portal.add(Role.INSTRUCTOR)
    learner = Learner(browser)
    try_some(learner, [REFUSED] * 6)
    assert [check(learner), check(learner)] == [1, 0]
    with transaction(learner.tenant) as session:
        notices = session.scalars(select(Notification)).all()
        mails = session.scalars(select(Mail)).all()
    assert {one.user_id for one in notices} == {admin} != {teacher}
    assert len(mails) == 1
    assert notices[0].data["failed"] == 6
    portal.sign_in("tenant_administrator@school.test")
    for path in ("/admin/", "/notifications"):
        assert "6 of 6 in the last hour" in portal.get(path).text
    page = portal.get(f"/admin/platforms/{learner.launch.registration_id}/grades").text
    assert "Tell administrators when grades do not arrive" in page


def test_when_all_is_well_again_the_next_fault_is_told_anew(learner):
    try_some(learner, [REFUSED] * 6)
    assert check(learner) == 1
    learner.number += 1
    with transaction(learner.tenant) as session:
        for row in session.scalars(select(Passback).where(Passback.state == "refused")):
            row.state, row.reason = "sent", ""
    assert check(learner) == 0
    with transaction(learner.tenant) as session:
        assert session.scalars(select(GradeService.alerted_at)).one() is None
