"""Notices: told once, where the person wants to hear it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from lti_app.core.notices import KINDS
from lti_app.models.notification import Mail
from lti_app.models.user import User
from lti_app.services import notifications
from lti_app.services.notifications import NoticeInvalid, notify

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def person(session):
    user = User(display_name="Ada", email="ada@school.test")
    session.add(user)
    session.flush()
    return user.id


def mails(session):
    return [row.kind for row in session.scalars(select(Mail).order_by(Mail.id))]


def test_a_notice_is_on_the_portal_and_in_the_post(session, person):
    """What happened reaches who it concerns. PAIN-30"""
    notify(session, person, "enrolled", {"course": "Fire"}, NOW, path="/courses/fire")
    (row,) = notifications.list_notices(session, person)
    assert (row.kind, row.data, row.path) == ("enrolled", {"course": "Fire"}, "/courses/fire")
    assert notifications.count_unread(session, person) == 1
    assert mails(session) == ["enrolled"]


def test_what_is_told_once_is_not_told_again_by_any_way(session, person):
    """A digest that runs twice does not write twice. DESIGN decision 3"""
    data = {"title": "Quiz", "course": "Fire", "due": "1 December"}
    for _ in range(2):
        notify(session, person, "due_soon", data, NOW, once="due:1")
    assert len(notifications.list_notices(session, person)) == 1
    assert mails(session) == ["due_soon"]


def test_each_kind_can_be_switched_off_for_each_channel(session, person):
    """Nobody is written to against their wish. RFC 8058"""
    notifications.choose(session, person, "enrolled", "mail", on=False)
    notify(session, person, "enrolled", {"course": "Fire"}, NOW)
    assert mails(session) == []
    notifications.choose(session, person, "enrolled", "portal", on=False)
    assert notify(session, person, "enrolled", {"course": "Fire"}, NOW) is None
    assert len(notifications.list_notices(session, person)) == 1
    notifications.choose(session, person, "enrolled", "mail", on=True)
    notify(session, person, "enrolled", {"course": "Fire"}, NOW)
    assert mails(session) == ["enrolled"]


def test_reading_one_notice_leaves_the_others_unread(session, person):
    for course in ("A", "B", "C"):
        notify(session, person, "enrolled", {"course": course}, NOW)
    newest = notifications.list_notices(session, person)[0]
    assert newest.data["course"] == "C"
    assert notifications.mark_read(session, person, NOW, newest.id) == 1
    assert notifications.count_unread(session, person) == 2
    assert notifications.mark_read(session, person, NOW) == 2


def test_a_notice_without_what_its_text_names_is_refused(session, person):
    """A defect shows where it is, not in somebody's mail. STYLE habit 5"""
    with pytest.raises(NoticeInvalid, match="course"):
        notify(session, person, "enrolled", {}, NOW)
    with pytest.raises(NoticeInvalid):
        notify(session, person, "nonsense", {}, NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_the_texts_of_a_kind_name_only_what_it_lists(kind):
    data = dict.fromkeys(KINDS[kind].names, "x")
    assert KINDS[kind].title % data
    assert KINDS[kind].body % data
