"""Mail: sent once, tried again, given up; read by a server that others wrote."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from flask import current_app
from sqlalchemy import select, update

from database.session import transaction
from lti_app import mail as door
from lti_app.jobs import mail as job
from lti_app.models.notification import Mail
from lti_app.models.user import User
from lti_app.services import mails
from lti_app.services.notifications import notify
from tests.ports import free_port

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Catcher:
    """An SMTP server that answers as it is told."""

    def __init__(self) -> None:
        self.answer, self.got = "250 OK", []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the library's name
        self.got.append((envelope.rcpt_tos, envelope.content.decode()))
        return self.answer


@pytest.fixture
def catcher(monkeypatch):
    handler = Catcher()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    deliver = door.deliver
    monkeypatch.setattr(
        door, "deliver", lambda url, *rest: deliver(f"smtp://127.0.0.1:{port}", *rest)
    )
    yield handler
    controller.stop()


@pytest.fixture
def letter(tenant) -> tuple[UUID, UUID]:
    """(person, mail) of a notice that waits to be sent."""
    with transaction(tenant) as session:
        user = User(display_name="Ada Lovelace", email="ada@school.test", locale="en")
        session.add(user)
        session.flush()
        notify(session, user.id, "enrolled", {"course": "Fire & water"}, NOW, path="/courses/fire")
        return user.id, session.scalars(select(Mail.id)).one()


def state_of(tenant, mail_id):
    with transaction(tenant) as session:
        row = session.get_one(Mail, mail_id)
        return row.state, row.error


def test_a_notice_arrives_as_text_and_html_with_a_way_to_end_it(tenant, letter, catcher):
    """Programs end a kind of mail with one request. RFC 8058"""
    job.send(str(tenant), str(letter[1]))
    ((to, content),) = catcher.got
    assert to == ["ada@school.test"]
    assert "Subject: You are enrolled in" in content
    assert "multipart/alternative" in content
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in content
    assert "Fire &amp; water" in content
    assert state_of(tenant, letter[1]) == ("sent", "")


def test_a_mail_that_was_sent_is_not_sent_again(tenant, letter, catcher):
    """Jobs may run twice. DESIGN decision 3"""
    for _ in range(2):
        job.send(str(tenant), str(letter[1]))
    assert len(catcher.got) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [("451 try later", "waiting"), ("550 <ada@school.test> unknown", "failed")],
)
def test_a_refusal_is_tried_again_or_final_as_the_server_says(
    tenant, letter, catcher, answer, state
):
    """4yz may be tried again, 5yz may not (RFC 5321 4.2.1); the address is not kept."""
    catcher.answer = answer
    job.send(str(tenant), str(letter[1]))
    now, error = state_of(tenant, letter[1])
    assert now == state
    assert "ada@school.test" not in error
    assert error


def test_the_sweep_finds_a_mail_whose_hint_was_lost(tenant, letter):
    later = datetime.now(UTC) + timedelta(minutes=2)
    with transaction(tenant) as session:
        assert mails.list_due(session, later) == [letter[1]]


def test_a_mail_is_given_up_in_the_end(tenant, letter, catcher):
    catcher.answer = "451 never"
    for _ in range(len(mails.PAUSES) + 1):
        with transaction(tenant) as session:
            session.execute(update(Mail).values(due_at=NOW))
        job.send(str(tenant), str(letter[1]))
    assert state_of(tenant, letter[1])[0] == "failed"


def test_without_a_server_mails_are_kept_for_administrators(tenant, letter):
    """A trial installation writes to nobody. PAIN-29"""
    job.send(str(tenant), str(letter[1]))
    folder = current_app.config["LECTERN"].data_folder / "mail"
    kept = [m for m in door.list_kept(folder) if str(letter[1]) in m["Message-ID"]]
    assert isinstance(kept[0], EmailMessage)
    assert {kind for kind, _ in door.bodies(kept[0])} == {"plain", "html"}
