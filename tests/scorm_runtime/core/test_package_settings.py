"""Package settings: defaults, reading what is stored, checking what is entered."""

import json

import pytest

from scorm_runtime.core.package_settings import (
    RULES,
    ExitActions,
    PackageSettings,
    SettingsRefused,
    read_package_settings,
    validate_package_settings,
    value_of,
)
from scorm_runtime.core.settings import RuntimeSettings

CHANGED = {
    "open_in": "window",
    "window_width": 1024,
    "exit_actions": {"item_ended": "continue", "on_leave": "exit"},
    "attempt_policy": "new_when_finished",
    "max_attempts": 3,
    "counting_attempt": "average",
    "completion_policy": "score_at_least",
    "completion_score": 0.5,
    "mastery_override": False,
    "strict": True,
    "suspend_data_limit": 64000,
}


def test_a_new_package_has_the_defaults_and_stores_nothing():
    """Lenient where real content needs it. SD-06"""
    settings = read_package_settings({})
    assert settings == read_package_settings(None) == PackageSettings()
    assert settings.as_json() == {}
    assert settings.runtime_settings() == RuntimeSettings()


def test_what_differs_survives_being_stored():
    stored = json.loads(json.dumps(validate_package_settings(CHANGED).as_json()))
    assert stored == CHANGED
    assert read_package_settings(stored) == validate_package_settings(CHANGED)
    assert read_package_settings(stored).exit_actions == ExitActions("continue", "stay", "exit")


def test_the_run_time_gets_its_switches_from_the_package():
    found = read_package_settings({"strict": True, "complete_at_finish": False}).runtime_settings()
    assert (found.strict, found.complete_at_finish, found.mastery_override) == (True, False, True)


def test_every_setting_has_a_rule_and_a_default_that_fits_it():
    names = {name.split(".")[0] for name in (rule.name for rule in RULES)}
    assert names == set(PackageSettings.__dataclass_fields__)
    for rule in RULES:
        nested: dict = {}
        target = nested
        *outer, last = rule.name.split(".")
        for part in outer:
            target = target.setdefault(part, {})
        target[last] = rule.default
        assert value_of(validate_package_settings(nested), rule.name) == rule.default


def test_a_launch_does_not_break_over_a_stored_setting_that_is_wrong():
    stored = {"max_attempts": "many", "strict": True, "colour": "red", "exit_actions": 7}
    assert read_package_settings(stored) == PackageSettings(strict=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"open_in": "popup"},
        {"max_attempts": -1},
        {"max_attempts": 2.5},
        {"max_attempts": True},
        {"completion_score": 80},
        {"completion_score": float("nan")},
        {"strict": "yes"},
        {"suspend_data_limit": 10},
        {"suspend_data_limit": 10**9},
        {"window_width": 100},
        {"exit_actions": {"on_leave": "explode"}},
        {"exit_actions": "stay"},
        {"colour": "red"},
    ],
)
def test_a_wrong_setting_is_refused_by_its_name_and_says_what_would_be_right(wrong):
    with pytest.raises(SettingsRefused) as refused:
        validate_package_settings(wrong)
    (problem,) = refused.value.problems
    assert problem.name.startswith(next(iter(wrong)))
    assert "has to be" in problem.message or "there are" in problem.message


def test_all_faults_are_named_at_once():
    with pytest.raises(SettingsRefused) as refused:
        validate_package_settings({"strict": 1, "max_attempts": 0, "open_in": ""})
    assert [problem.name for problem in refused.value.problems] == ["strict", "open_in"]
