"""The shared cases of the data models against the Python validator (SD-06, PAIN-08, PAIN-35)."""

import json
from pathlib import Path

import pytest

from scorm_runtime.core.cmi.api import Api
from scorm_runtime.core.cmi.model import DataModel
from scorm_runtime.core.cmi.table import load_table

FOLDER = Path(__file__).parents[2] / "cases"
STANDARDS = ("1_2", "2004")
CASES = [
    pytest.param(standard, case, id=f"{standard} {path.stem}: {case['name']}")
    for standard in STANDARDS
    for path in sorted((FOLDER / f"scorm_{standard}").glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))
]


def expand(value):
    if isinstance(value, list):
        return "".join(map(expand, value))
    return value["repeat"] * value["times"] if isinstance(value, dict) else value


@pytest.mark.parametrize(("standard", "case"), CASES)
def test_the_model_answers_as_the_case_says(standard, case):
    table = load_table(standard)
    model = DataModel(
        table,
        case.get("launch", {}),
        case.get("values", {}),
        strict=case.get("strict", False),
        nav=case.get("nav"),
    )
    api = Api(model)
    if case.get("state") != "not initialized":
        api.initialize("")
    for function, arguments, answer, code, *warned in case["calls"]:
        given = api.call(function, *map(expand, arguments))
        where = f"{function}{str(arguments)[:300]}: {api.last.remark}"
        assert (given, api.get_last_error()) == (expand(answer), code), where
        if warned:
            assert bool(api.last.remark) == warned[0], where


NEVER = {"1_2": set(), "2004": {"101", "102", "111", "391", "402"}}
"""Codes that no case can bring about: faults of the system, and elements all of which we have."""


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_cases_name_every_element_and_every_code(standard):
    table = load_table(standard)
    paths = (FOLDER / f"scorm_{standard}").glob("*.json")
    text = "".join(path.read_text("utf-8") for path in paths)
    names = (
        name.replace(".n.", ".0.").replace("{target}", "{target=a1}") for name in table.elements
    )
    missing = [name for name in names if f'"{name}"' not in text]
    codes = [code for code in table.errors if f'"{code}"]' not in text and f'"{code}",' not in text]
    assert (missing, set(codes) - NEVER[standard]) == ([], set())


def test_there_are_cases_enough():
    assert len(CASES) >= 1200
