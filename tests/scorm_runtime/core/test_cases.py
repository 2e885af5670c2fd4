"""The shared cases of the data model against the Python validator (SD-06, PAIN-08, PAIN-35)."""

import json
from pathlib import Path

import pytest

from scorm_runtime.core.cmi.api import Api12
from scorm_runtime.core.cmi.model import DataModel
from scorm_runtime.core.cmi.table import load_table

FOLDER = Path(__file__).parents[2] / "cases" / "scorm_1_2"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))
]


def expand(value):
    return value["repeat"] * value["times"] if isinstance(value, dict) else value


@pytest.mark.parametrize("case", CASES)
def test_the_model_answers_as_the_case_says(case):
    model = DataModel(
        load_table("1_2"),
        case.get("launch", {}),
        case.get("values", {}),
        strict=case.get("strict", False),
    )
    api = Api12(model)
    if case.get("state") != "not initialized":
        api.initialize("")
    for function, arguments, answer, code, *warned in case["calls"]:
        given = api.call(function, *map(expand, arguments))
        where = f"{function}{arguments}: {api.last.remark}"
        assert (given, api.get_last_error()) == (expand(answer), code), where
        if warned:
            assert bool(api.last.remark) == warned[0], where


def test_the_cases_name_every_element_and_every_code():
    table = load_table("1_2")
    text = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.json"))
    missing = [name for name in table.elements if name.replace(".n.", ".0.") not in text]
    codes = [code for code in table.errors if f'"{code}"]' not in text and f'"{code}",' not in text]
    assert (missing, codes) == ([], [])
    assert len(CASES) >= 250
