"""Python and JavaScript answer the same to whatever content calls (DESIGN decision 7).

Calls are made at random, values from those that the checks care about, whole and cut to pieces.
"""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from scorm_runtime.core.cmi.api import Api
from scorm_runtime.core.cmi.model import DataModel
from scorm_runtime.core.cmi.table import load_table

CHECKOUT = Path(__file__).parents[3]
NODE = shutil.which("node")
SCRIPT = CHECKOUT / "tests" / "tools" / "answer_calls.mjs"
PIECES = [
    *("", " ", "a", "B", "0", "1", "-1", "0.5", "1.5", "1e3", "1,5", ".", "-", "+", "%", "NaN"),
    *("true", "t", "passed", "Completed", "suspend", "choice", "true-false", "numeric", "wrong"),
    *("[,]", "[.]", "[:]", "{", "}", "[", "]", "{lang=en}", "{lang=zz}", "{case_matters=true}"),
    *("{order_matters=x}", "{target=a}", "{target=", "jump", "continue", "urn:", "urn:a:b", "i-x"),
    *("P1D", "PT1S", "T", "00:01:00", "2004-01-02", "T03:04:05", ".06", "Z", "+02", "de-CH"),
    *("\u0000", "\ud800", "\udc00", "𝄞", "ü", "İ", "ſ", "K", "\u00a0", "\ufeff", "\x85", "\u2028"),
    *("\n", "\t", "١", "x" * 251, "y" * 4001, "__proto__", "toString"),
]
PARTS = ["cmi", "adl", "n", "0", "1", "2", "01", "-1", "_count", "_children", "_version", "", "ü"]
LAUNCH = {
    "cmi.objectives._primary": "0",
    "cmi.completion_threshold": "0.5",
    "cmi.scaled_passing_score": "0.6",
    "adl.data.0.id": "s1",
    "adl.data.1.id": "s2",
    "adl.data.1._write": "false",
}
NAV = {"continue": "enabled", "previous": "hidden", "choice": {"a": "enabled"}, "jump": ["a"]}


def make_name(rng, names):
    name = rng.choice(names).replace("{target}", "{target=a}")
    name = ".".join(str(rng.choice((0, 0, 1, 2))) if p == "n" else p for p in name.split("."))
    if rng.random() < 0.15:
        parts = name.split(".")
        parts[rng.randrange(len(parts))] = rng.choice(PARTS)
        name = ".".join(parts)
    return name


def make_calls(rng, table, amount):
    functions = table.functions
    names = [*table.elements, *table.containers]
    calls = []
    for _ in range(amount):
        name = make_name(rng, names)
        if rng.random() < 0.7:
            value = "".join(rng.choices(PIECES, k=rng.choice((1, 1, 1, 2, 3))))
            calls.append([functions["set"], name, value])
        calls.append([functions["get"], name])
    return [[functions["initialize"], ""], *calls]


def answer(table, given):
    model = DataModel(
        table, given["launch"], given["values"], strict=given["strict"], nav=given["nav"]
    )
    api = Api(model)
    return [[api.call(*call), api.last.code, api.last.remark] for call in given["calls"]]


@pytest.mark.skipif(NODE is None, reason="needs Node")
@pytest.mark.parametrize("standard", ["1_2", "2004"])
def test_both_languages_answer_the_same(standard, tmp_path):
    table = load_table(standard)
    rng = random.Random(f"twins {standard}")
    begun = {
        "cmi.interactions.0.id": "Q",
        "cmi.interactions.0.type": rng.choice(["choice", "performance"]),
        "cmi.objectives.0.id": "P",
    }
    batch = [
        {
            "strict": rng.random() < 0.3,
            "launch": LAUNCH,
            "values": {**begun, "cmi.interactions.0.type": kind},
            "nav": NAV,
            "calls": make_calls(rng, table, 120),
        }
        for kind in [*(table.patterns or table.feedback)] * 4
    ]
    path = tmp_path / "batch.json"
    path.write_text(json.dumps(batch))
    file = CHECKOUT / "scorm_runtime" / "core" / "cmi" / f"elements_{standard}.json"
    done = subprocess.run([NODE, SCRIPT, file, path], capture_output=True, check=True, timeout=60)
    answers = json.loads(done.stdout)
    for given, theirs in zip(batch, answers, strict=True):
        for call, ours, other in zip(given["calls"], answer(table, given), theirs, strict=True):
            assert ours == other, (call, given["strict"])
