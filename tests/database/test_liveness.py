"""A connection that died in the pool costs no request."""

import psycopg2
from flask import Flask
from sqlalchemy import text

from database.extension import db


def backend(app: Flask) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return connection.scalar(text("SELECT pg_backend_pid()"))


def test_a_connection_that_is_alive_is_used_again(app):
    with app.app_context():
        db.engine.dispose()  # other tests may have left several in the pool
    assert backend(app) == backend(app)


def test_after_its_end_the_next_request_has_another_one(app, config):
    ended = backend(app)
    database_url = config.database_url.replace("+psycopg2", "")
    with psycopg2.connect(database_url) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (ended,))
        assert cursor.fetchone() == (True,)
    other.close()
    assert backend(app) != ended
