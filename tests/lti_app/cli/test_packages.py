"""`flask package …`: drafts, settings, reading again."""

import secrets

import pytest
from flask.testing import FlaskCliRunner

from content.samples.build import build_sample
from database.session import transaction
from lti_app.cli.tenants import get_tenant
from scorm_runtime.models.package import Package, PackageVersion


@pytest.fixture
def run(app) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def school(run) -> str:
    slug = f"school-{secrets.token_hex(4)}"
    assert run.invoke(args=["tenant", "create", slug, "--name", "A school"]).exit_code == 0
    return slug


@pytest.fixture
def say(run, school, tmp_path):
    """say("settings", "quiz") after the quiz was imported: (exit code, output)."""
    file = tmp_path / "quiz.zip"
    file.write_bytes(build_sample("demo-quiz"))

    def said(command, *arguments):
        if command == "import":
            arguments = (str(file), *arguments)
        answer = run.invoke(args=["package", command, *arguments, "--tenant", school])
        return answer.exit_code, answer.output

    return said


def only(school, model):
    with transaction(get_tenant(school)) as session:
        return session.query(model).one()


def test_a_draft_is_imported_for_somebody_to_look_at(say, school):
    code, output = say("import", "--key", "quiz", "--draft")
    assert code == 0, output
    assert "version 1 (a draft), key quiz" in output
    assert only(school, Package).current_version_id is None
    assert not only(school, Package).is_published


def test_settings_are_shown_changed_and_given_back_their_defaults(say, school):
    say("import", "--key", "quiz")
    changes = ["max_attempts=3", "exit_actions.on_leave=exit", "strict=true"]
    code, output = say("settings", "quiz", *changes)
    assert code == 0, output
    assert "* max_attempts = 3" in output
    assert '  open_in = "frame"  (one of frame, window)' in output
    assert only(school, Package).settings == {
        "max_attempts": 3,
        "strict": True,
        "exit_actions": {"on_leave": "exit"},
    }
    say("settings", "quiz", "max_attempts=", "exit_actions.on_leave=")
    assert only(school, Package).settings == {"strict": True}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["quiz", "max_attempts=many"], "whole number from 1 to 1000"),
        (["quiz", "colour=red"], "no setting 'colour'"),
        (["quiz", "strict"], "NAME=VALUE"),
        (["nothing"], "no package with the key"),
    ],
)
def test_what_cannot_be_set_is_named_and_changes_nothing(say, school, arguments, reason):
    say("import", "--key", "quiz")
    code, output = say("settings", *arguments)
    assert code == 1
    assert reason in output
    assert only(school, Package).settings == {}


def test_stored_versions_are_read_again(say, school):
    say("import", "--key", "quiz")
    with transaction(get_tenant(school)) as session:
        session.query(PackageVersion).one().manifest = {"scos": []}
    assert "0 versions are read differently" in say("reread")[1]
    assert "1 versions are read differently" in say("reread", "--all")[1]
    assert only(school, PackageVersion).manifest["scos"]
