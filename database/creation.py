"""From an empty server to a database that the migrations can fill."""

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from database.rls import APPLICATION_ROLE
from database.roles import ensure_application_role
from database.urls import with_driver


class CreationRefused(Exception):
    """The two addresses cannot be used together; the message says how to mend them."""


def ensure_database(owner_url: str, app_url: str) -> None:
    """Make the database of `owner_url` and the role of `app_url` unless they are there.

    Repeating it changes nothing but the role's password, which follows `app_url`. Raises
    CreationRefused, or SQLAlchemy's errors when the server refuses.
    """
    user = make_url(with_driver(app_url)).username
    if user != APPLICATION_ROLE:
        raise CreationRefused(
            f"DATABASE_URL names the user {user!r}: it must be {APPLICATION_ROLE!r}, the role "
            "that the tables' policies were written for"
        )
    if not _exists(owner_url):
        _create(owner_url)
    engine = _engine(owner_url)
    with engine.begin() as connection:
        password = make_url(with_driver(app_url)).password
        ensure_application_role(connection, APPLICATION_ROLE, password)


def _exists(owner_url: str) -> bool:
    try:
        with _engine(owner_url).connect():
            return True
    except OperationalError as error:
        if "does not exist" in str(error.orig) and "database" in str(error.orig):
            return False
        raise


def _create(owner_url: str) -> None:
    url = make_url(with_driver(owner_url))
    maintenance = url.set(database="postgres").render_as_string(hide_password=False)
    with _engine(maintenance).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        name = connection.dialect.identifier_preparer.quote(str(url.database))
        connection.execute(text(f"CREATE DATABASE {name}"))


def _engine(url: str) -> Engine:
    return create_engine(with_driver(url), poolclass=NullPool)
