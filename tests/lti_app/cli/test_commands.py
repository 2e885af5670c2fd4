"""What `flask …` commands do, as people type them."""

import secrets
import zipfile
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskCliRunner

from content.samples.build import build_sample
from database.session import transaction
from lti_app.cli.tenants import get_tenant
from lti_app.services.registrations import find_registration
from lti_app.services.users import find_user_by_email
from scorm_runtime.services.packages import find_package_by_key


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def school(run: FlaskCliRunner) -> str:
    """Slug of a new tenant, made by command."""
    slug = f"school-{secrets.token_hex(4)}"
    assert run.invoke(args=["tenant", "create", slug, "--name", "A school"]).exit_code == 0
    return slug


def test_a_package_is_imported_from_a_file_and_published(
    run: FlaskCliRunner, school: str, tmp_path: Path
):
    file = tmp_path / "course.zip"
    file.write_bytes(build_sample("demo-quiz"))

    said = run.invoke(args=["package", "import", str(file), "--key", "quiz", "--tenant", school])

    assert said.exit_code == 0, said.output
    assert "version 1, key quiz" in said.output
    with transaction(get_tenant(school)) as session:
        found = find_package_by_key(session, "quiz")
        assert found is not None
        assert found.is_published
    listed = run.invoke(args=["package", "list", "--tenant", school])
    assert "quiz" in listed.output


def test_a_bad_package_is_refused_with_its_reason_and_leaves_no_package(
    run: FlaskCliRunner, school: str, tmp_path: Path
):
    """PAIN-23: the reason names the file in the zip."""
    file = tmp_path / "bad.zip"
    with zipfile.ZipFile(file, "w") as target:
        target.writestr("../escape.txt", "x")

    said = run.invoke(args=["package", "import", str(file), "--tenant", school])

    assert said.exit_code == 1
    assert "../escape.txt" in said.output
    assert "escape" not in run.invoke(args=["package", "list", "--tenant", school]).output


def test_a_platform_is_registered_with_what_it_shows(run: FlaskCliRunner, school: str):
    issuer = f"https://{secrets.token_hex(4)}.example"
    arguments = [
        *("lti", "register", "--tenant", school, "--platform", "moodle", "--name", "Moodle"),
        *("--issuer", issuer, "--client-id", "abc", "--deployment", "1"),
        *("--auth-login-url", f"{issuer}/mod/lti/auth.php"),
        *("--token-url", f"{issuer}/mod/lti/token.php"),
        *("--jwks-url", f"{issuer}/mod/lti/certs.php"),
    ]

    said = run.invoke(args=arguments)

    assert said.exit_code == 0, said.output
    with transaction(get_tenant(school)) as session:
        assert find_registration(session, issuer, "abc") is not None
    assert issuer in run.invoke(args=["lti", "list", "--tenant", school]).output


def test_a_platform_without_a_usable_address_is_refused_by_the_field(
    run: FlaskCliRunner, school: str
):
    said = run.invoke(
        args=[
            *("lti", "register", "--tenant", school, "--issuer", "https://x.example"),
            *("--client-id", "abc", "--auth-login-url", "not an address"),
            *("--token-url", "https://x.example/t", "--jwks-url", "https://x.example/j"),
        ]
    )
    assert said.exit_code == 1
    assert "auth" in said.output.lower()


def test_a_person_is_made_and_may_sign_in(run: FlaskCliRunner, school: str):
    arguments = ["user", "create", "ann@example.org", "--role", "instructor", "--tenant", school]

    said = run.invoke(args=[*arguments, "--password", "a long enough password"])

    assert said.exit_code == 0, said.output
    with transaction(get_tenant(school)) as session:
        person = find_user_by_email(session, "ANN@example.org")
        assert person is not None
        assert person.role == "instructor"


def test_a_credential_opens_the_record_store(run: FlaskCliRunner, school: str, app: Flask):
    said = run.invoke(args=["lrs", "key", "create", "--name", "vendor", "--tenant", school])

    assert said.exit_code == 0, said.output
    shown = dict(line.split(None, 1) for line in said.output.splitlines())
    path = shown["endpoint"].removeprefix(app.config["LECTERN"].app_url)
    token = requests.auth._basic_auth_str(shown["key"], shown["secret"])
    answer = app.test_client().get(
        f"{path}statements",
        base_url=app.config["LECTERN"].app_url,
        headers={"Authorization": token, "X-Experience-API-Version": "1.0.3"},
    )
    assert answer.status_code == 200


def test_an_unknown_tenant_is_named_with_the_command_that_makes_it(run: FlaskCliRunner):
    said = run.invoke(args=["package", "list", "--tenant", "nowhere"])

    assert said.exit_code == 1
    assert "flask tenant create nowhere" in said.output
