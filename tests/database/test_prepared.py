"""Statements that connections plan once answer as all others do."""

import pytest
from sqlalchemy import bindparam, cast, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import Integer

from database.extension import db
from database.prepared import PREPARED

_HALF = select(
    cast(bindparam("whole"), Integer) / 2,
    func.jsonb_typeof(bindparam("value", type_=JSONB)),
    text("'100 %'"),
).execution_options(**PREPARED)
_HOW_MANY = text("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'lectern%'")


def test_a_connection_is_told_once_and_answers_each_time(app):
    with app.app_context(), db.engine.connect() as connection:
        before = connection.scalar(_HOW_MANY)
        answers = [
            tuple(connection.execute(_HALF, {"whole": whole, "value": {"a": whole}}).one())
            for whole in (10, 20)
        ]
        assert answers == [(5, "object", "100 %"), (10, "object", "100 %")]
        assert connection.scalar(_HOW_MANY) == before + 1


def test_another_connection_is_told_too(app):
    with app.app_context(), db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):
            assert connection.execute(_HALF, {"whole": 8, "value": 1}).one()[0] == 4


def test_what_was_told_in_a_transaction_that_failed_is_known_afterwards(app):
    """PREPARE is not undone by ROLLBACK, and neither is our memory of it."""
    wrong = select(1 / cast(bindparam("by"), Integer)).execution_options(**PREPARED)
    with app.app_context(), db.engine.connect() as connection:
        with pytest.raises(DBAPIError):
            connection.execute(wrong, {"by": 0})
        connection.rollback()
        assert connection.scalar(wrong, {"by": 1}) == 1
