"""`flask lrs`: stores and keys from the command line."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from database.session import transaction
from tests.conftest import make_tenant
from tests.xapi_lrs.conftest import Lrs, make_statement
from xapi_lrs.services.credentials import find_credential_by_key

Shown = dict[str, str]


@pytest.fixture
def school(app: Flask) -> str:
    return f"s-{uuid4().hex[:12]}"


@pytest.fixture
def tenant_of_school(school: str):
    return make_tenant(school)


@pytest.fixture
def lrs_command(app: Flask, school: str, tenant_of_school):
    runner: FlaskCliRunner = app.test_cli_runner()

    def run(*arguments: str, fails: bool = False) -> str:
        said = runner.invoke(args=["lrs", *arguments, "--tenant", school])
        assert (said.exit_code != 0) is fails, said.output
        return said.output

    return run


def shown(output: str) -> Shown:
    return dict(line.split(None, 1) for line in output.splitlines())


def client(app: Flask, values: Shown, slug: str = "default") -> Lrs:
    return Lrs(app.test_client(), slug, values["key"], values["secret"])


def test_a_key_is_made_listed_rotated_and_revoked(lrs_command, app: Flask):
    at = {"base_url": app.config["LECTERN"].app_url}
    made = shown(lrs_command("key", "create", "--name", "vendor", "--scope", "all"))
    old = client(app, made)
    assert old.post(make_statement(), **at).status_code == 200
    listed = lrs_command("key", "list")
    assert made["key"] in listed
    assert made["secret"] not in listed
    assert "good" in listed
    new = client(app, shown(lrs_command("key", "rotate", made["key"])))
    assert old("GET", **at).status_code == 401
    assert new("GET", **at).status_code == 200
    lrs_command("key", "revoke", made["key"])
    assert new("GET", **at).status_code == 401
    assert "revoked" in lrs_command("key", "list")


def test_the_old_secret_may_overlap_with_the_new_one(lrs_command, app: Flask):
    at = {"base_url": app.config["LECTERN"].app_url}
    made = shown(lrs_command("key", "create", "--name", "vendor", "--scope", "all"))
    lrs_command("key", "rotate", made["key"], "--overlap-hours", "24")
    assert client(app, made)("GET", **at).status_code == 200


def test_a_key_is_bound_from_the_command_line(lrs_command, tenant_of_school):
    registration = str(uuid4())
    bound = ("--registration", registration, "--activity-prefix", "https://example.com/c/")
    more = ("--origin", "https://content.example", "--requests-per-second", "5", "--days", "30")
    made = shown(lrs_command("key", "create", "--name", "vendor", *bound, *more))
    with transaction(tenant_of_school) as session:
        credential = find_credential_by_key(session, made["key"])
        assert str(credential.registration) == registration
        assert credential.activity_prefix == "https://example.com/c/"
        assert credential.origins == ["https://content.example"]
        assert credential.requests_per_second == 5
        assert (credential.expires_at - credential.created_at).days == 30


def test_stores_are_opened_renamed_closed_and_opened_again(lrs_command, app: Flask):
    at = {"base_url": app.config["LECTERN"].app_url}
    lrs_command("store", "create", "vendors", "--name", "Vendors")
    assert "already" in lrs_command("store", "create", "vendors", "--name", "x", fails=True)
    lrs_command("store", "rename", "vendors", "--name", "Suppliers")
    made = ("key", "create", "--name", "v", "--scope", "all", "--store", "vendors")
    vendor = client(app, shown(lrs_command(*made)), "vendors")
    lrs_command("store", "close", "vendors")
    assert "Suppliers  (closed)" in lrs_command("store", "list")
    assert vendor("GET", **at).status_code == 403
    lrs_command("store", "reopen", "vendors")
    assert vendor("GET", **at).status_code == 200


def test_what_was_refused_is_told_with_its_reason(lrs_command, app: Flask):
    at = {"base_url": app.config["LECTERN"].app_url}
    vendor = client(app, shown(lrs_command("key", "create", "--name", "vendor")))
    vendor.post(make_statement(actor={}), **at)
    said = lrs_command("refused")
    assert "POST /xapi/default/statements  400" in said
    assert "actor" in said


def test_what_is_not_there_is_named_with_the_command_that_lists(lrs_command):
    assert "flask lrs store list" in lrs_command("key", "list", "--store", "no", fails=True)
    assert "flask lrs key list" in lrs_command("key", "revoke", "lkno", fails=True)
    bad = ("key", "create", "--name", "x", "--activity-prefix", "no iri")
    assert "IRI" in lrs_command(*bad, fails=True)
