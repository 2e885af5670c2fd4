"""What is asked by the driver fails as if SQLAlchemy had asked."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from database.asking import ask
from database.session import transaction


def test_an_answer_is_the_first_value(tenant):
    with transaction(tenant) as session:
        assert ask(session, "SELECT %(one)s::int + 1", {"one": 41}) == 42


def test_it_is_asked_in_the_transaction_of_the_session(tenant):
    with transaction(tenant) as session:
        before = session.execute(text("SELECT pg_current_xact_id()::text")).scalar_one()
        assert ask(session, "SELECT pg_current_xact_id()::text", {}) == before


def test_an_error_is_sqlalchemys_and_hides_what_was_said(tenant):
    with pytest.raises(DBAPIError) as caught, transaction(tenant) as session:
        ask(session, "SELECT %(name)s::text, 1 / 0", {"name": "Stan Student"})
    assert "division by zero" in str(caught.value)
    assert "Stan Student" not in str(caught.value)


def test_a_connection_that_dies_is_not_put_back(tenant):
    """The next transaction works, on another one."""
    with pytest.raises(OperationalError) as caught, transaction(tenant) as session:
        ask(session, "SELECT pg_terminate_backend(pg_backend_pid())::int", {})
    assert caught.value.connection_invalidated
    with transaction(tenant) as session:
        assert ask(session, "SELECT 1", {}) == 1
