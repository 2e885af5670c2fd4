"""Work that must wait for the commit waits for the commit."""

import pytest

from database.session import on_commit, transaction
from lti_app.models.user import User


def test_an_action_runs_once_after_the_commit(tenant):
    done = []

    with transaction(tenant) as session:
        on_commit(session, lambda: done.append("sent"))
        assert done == []

    assert done == ["sent"]


def test_an_action_does_not_run_when_the_transaction_fails(tenant):
    done = []

    def fail() -> None:
        with transaction(tenant) as session:
            on_commit(session, lambda: done.append("sent"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert done == []


def test_a_released_savepoint_is_not_a_commit(tenant):
    """SQLAlchemy's own after_commit event fires here; a job sent now could find no row."""
    done = []

    with transaction(tenant) as session:
        on_commit(session, lambda: done.append("sent"))
        with session.begin_nested():
            session.add(User(email="x@example.org"))
        assert done == []

    assert done == ["sent"]


def test_an_action_that_fails_does_not_hide_that_the_data_is_safe(tenant):
    with transaction(tenant) as session:
        session.add(User(email="safe@example.org"))
        on_commit(session, lambda: 1 / 0)

    with transaction(tenant) as session:
        assert session.query(User).count() == 1
