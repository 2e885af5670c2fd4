"""The embedded servers as tests and tools use them: there for a block, then gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis
from sqlalchemy import create_engine, text

from database.creation import CreationRefused, ensure_database
from database.embedded import embedded_postgres, embedded_valkey
from database.servers.processes import command_line

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    with embedded_postgres(tmp_path_factory.mktemp("with a space")) as urls:
        yield urls


def test_the_application_role_owns_nothing_and_bypasses_nothing(urls):
    """Otherwise the policies of the tenants' isolation would not hold."""
    with create_engine(urls.app_url).connect() as connection:
        row = connection.execute(
            text(
                "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
                " FROM pg_roles WHERE rolname = current_user"
            )
        ).one()
    assert tuple(row) == ("lectern_app", False, False, False, False)


def test_the_application_role_cannot_make_tables(urls):
    engine = create_engine(urls.app_url)
    with engine.connect() as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute(text("CREATE TABLE mine (id int)"))


def test_making_the_database_again_changes_nothing(urls):
    """`flask prepare` runs at every start."""
    ensure_database(urls.owner_url, urls.app_url)
    with create_engine(urls.owner_url).connect() as connection:
        assert connection.scalar(text("SELECT current_database()")) == "lectern"


def test_a_database_that_is_missing_is_made_and_the_password_set(urls):
    """Where the server is somebody else's, roles have passwords."""
    other = urls.owner_url.replace("/lectern?", "/another?")
    app = urls.app_url.replace("lectern_app@", "lectern_app:it's%20secret@")
    ensure_database(other, app.replace("/lectern?", "/another?"))
    with create_engine(other).connect() as connection:
        stored = "SELECT rolpassword FROM pg_authid WHERE rolname = 'lectern_app'"
        assert connection.scalar(text(stored)).startswith("SCRAM-SHA-256$")


def test_a_role_that_the_policies_were_not_written_for_is_refused(urls):
    with pytest.raises(CreationRefused, match="must be 'lectern_app'"):
        ensure_database(urls.owner_url, urls.owner_url)


def test_a_role_that_owns_tables_is_refused(urls):
    """An owner passes every policy that is not forced."""
    engine = create_engine(urls.owner_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id int)"))
        connection.execute(text("ALTER TABLE theirs OWNER TO lectern_app"))
    try:
        with pytest.raises(ValueError, match="owns 1 table"):
            ensure_database(urls.owner_url, urls.app_url)
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE theirs"))


def test_nothing_is_left_after_the_block(tmp_path):
    with embedded_postgres(tmp_path) as urls, embedded_valkey(tmp_path) as address:
        assert redis.Redis.from_url(address).ping()
        url = urls.owner_url.replace("+psycopg2", "")
        psycopg2.connect(url).close()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)
    with pytest.raises(redis.RedisError):
        redis.Redis.from_url(address).ping()


def test_a_killed_test_run_takes_its_servers_along(tmp_path):
    """SIGKILL gives nobody a chance to clean up: the kernel tells the servers (Linux)."""
    program = (
        "import sys, time; from pathlib import Path\n"
        "from database.embedded import embedded_postgres\n"
        f"with embedded_postgres(Path({str(tmp_path)!r})) as urls:\n"
        "    print(urls.owner_url, flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip().replace("+psycopg2", "")
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
        checkpointer = cursor.fetchone()[0]

    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    deadline = time.monotonic() + 20
    while command_line(checkpointer) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert command_line(checkpointer) == []
