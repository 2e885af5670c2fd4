"""Questions to the database that no thread waits for."""

import select

import psycopg2
import pytest

from database.extension import db
from database.lines import Line, open_line

PID = "SELECT pg_backend_pid()"


@pytest.fixture
def line(app):
    with app.app_context():
        made = open_line(db.engine, "lectern test")
    yield made
    made.close()


def answer(line: Line, statement: str, arguments=None):
    line.ask(statement, arguments or {})
    while (row := line.proceed()) is None:
        watcher = select.epoll()
        watcher.register(line.fileno(), line.events)
        assert watcher.poll(30), "the database says nothing"
        watcher.close()
    return row


def test_a_question_is_asked_while_the_line_still_connects(line):
    assert not line.is_open
    assert answer(line, "SELECT %(one)s::int + %(two)s::int", {"one": 40, "two": 2}) == (42,)
    assert line.is_open


def test_it_stays_and_each_statement_is_planned_once(line):
    question = "SELECT pg_backend_pid(), %(n)s::int"
    (first, _), (second, number) = (
        answer(line, question, {"n": 1}),
        answer(line, question, {"n": 2}),
    )
    assert (first, number) == (second, 2)
    assert answer(line, "SELECT count(*) FROM pg_prepared_statements") == (2,)


def test_each_is_a_transaction_of_its_own(line):
    question = "SELECT pg_current_xact_id()::text"
    assert answer(line, question) != answer(line, question)


def test_a_long_question_leaves_in_pieces(line):
    assert answer(line, "SELECT length(%(text)s)", {"text": "ä" * 5_000_000}) == (5_000_000,)


def test_after_an_error_it_goes_on(line):
    with pytest.raises(psycopg2.errors.DivisionByZero):
        answer(line, "SELECT 1 / %(n)s::int", {"n": 0})
    assert (line.is_asked, line.is_broken) == (True, False)
    assert answer(line, "SELECT 1 / %(n)s::int", {"n": 1}) == (1,)


def test_what_cannot_be_said_has_not_been_asked(line):
    """So whoever has asked knows that nothing was done."""
    with pytest.raises(ValueError, match="NUL"):
        answer(line, "SELECT %(text)s::text", {"text": "a\0b"})
    assert not line.is_asked


def test_an_end_on_the_way_is_told_from_one_before(line, app):
    with pytest.raises(psycopg2.Error):
        answer(line, "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)")
    assert (line.is_asked, line.is_broken) == (True, True)


def test_a_line_that_the_server_has_closed_knows_before_it_is_asked(line, app, config):
    (backend,) = answer(line, PID)
    with psycopg2.connect(config.database_url.replace("+psycopg2", "")) as other:
        other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
    other.close()
    with pytest.raises(psycopg2.Error):
        answer(line, PID)
    assert not line.is_asked
    assert line.has_died()


def test_a_line_that_is_alive_has_not_died(line):
    answer(line, PID)
    assert not line.has_died()
