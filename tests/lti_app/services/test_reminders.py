"""What is due is told once a day, in one notice, in the person's language."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.notices import MAIL
from lti_app.jobs import reminders as job
from lti_app.models.notification import Mail
from lti_app.models.tenant import Tenant
from lti_app.models.user import User
from lti_app.services import notifications, reminders
from tests.content.courses import NOW, document, enrol, publish, unit


@pytest.fixture
def learner(tenant) -> UUID:
    with transaction(tenant) as session:
        user = User(display_name="Ada", email="ada@school.test", locale="de")
        session.add(user)
        session.flush()
        return user.id


def learns(tenant, learner, *units):
    with transaction(tenant) as session:
        enrol(session, publish(session, document(*units)), learner)


def remind(tenant, learner, when=NOW):
    """Then the notices so far, oldest first."""
    reminders.remind(lambda: transaction(tenant), when)
    with transaction(tenant) as session:
        return list(reversed(notifications.list_notices(session, learner)))


def test_one_thing_is_told_by_its_name_and_leads_there(tenant, learner):
    learns(tenant, learner, unit(title="Soon", due={"days": 2}), unit(title="Later"))
    (told,) = remind(tenant, learner)
    assert (told.kind, told.data["title"]) == ("due_soon", "Soon")
    assert "/units/" in told.path


def test_several_things_are_one_notice_with_a_date_each(tenant, learner):
    """Five units that end on Friday are not five mails. PAIN-29"""
    learns(tenant, learner, *(unit(title=f"Part {n}", due={"days": 2}) for n in range(5)))
    (told,) = remind(tenant, learner)
    assert told.kind == "due_list"
    assert told.data["titles"] == "Part 0 · Part 1 · Part 2 · …"
    assert len(told.data["things"].splitlines()) == 5
    with transaction(tenant) as session:
        assert session.scalars(select(Mail.kind)).all() == ["due_list"]


def test_nothing_is_told_again_until_there_is_something_new(tenant, learner):
    """The ticker asks again and again. DESIGN decision 3"""
    learns(
        tenant, learner, unit(title="First", due={"days": 2}), unit(title="Next", due={"days": 4})
    )
    for hours in (0, 1, 20):
        assert len(remind(tenant, learner, NOW + timedelta(hours=hours))) == 1
    told = remind(tenant, learner, NOW + timedelta(hours=30))
    assert [row.kind for row in told] == ["due_soon", "due_list"]


def test_what_is_overdue_is_not_told(tenant, learner):
    learns(tenant, learner, unit(title="Late", due={"days": 1}))
    assert remind(tenant, learner, datetime(2027, 1, 1, tzinfo=UTC)) == []


def test_one_switch_is_for_one_thing_and_for_many(tenant, learner):
    """Who wants no mail of what is due gets none, however much it is."""
    with transaction(tenant) as session:
        notifications.choose(session, learner, "due_soon", MAIL, on=False)
    learns(tenant, learner, *(unit(title=f"Part {n}", due={"days": 2}) for n in range(2)))
    assert len(remind(tenant, learner)) == 1
    with transaction(tenant) as session:
        assert session.scalars(select(Mail.id)).all() == []


def test_the_days_notices_are_asked_for_once_a_day(tenant, learner, monkeypatch):
    asked = []
    monkeypatch.setattr(job.queue, "enqueue_once", lambda *ids: asked.append(ids) or True)
    morning = datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert not job.sweep(tenant, morning.replace(hour=3))
    assert job.sweep(tenant, morning)
    with transaction(tenant) as session:
        session.get_one(Tenant, tenant).reminded_at = morning
    assert not job.sweep(tenant, morning + timedelta(hours=12))
    assert job.sweep(tenant, morning + timedelta(days=1))
    assert len(asked) == 2
