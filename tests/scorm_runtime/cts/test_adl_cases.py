"""ADL's official SCORM 2004 4th Edition LMS test cases, played headless (SD-02).

The cases lie beside the checkout (`../shared/cts`); where they do not, this is skipped.
"""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SUITE = Path(__file__).parents[4] / "shared" / "cts"
NAMES = sorted(path.stem for path in (SUITE / "cases").glob("*.properties"))


@pytest.fixture(scope="module")
def suite() -> Any:
    """The suite's session over our run; chained cases hand their objectives on in it."""
    sys.path.insert(0, str(SUITE / "harness"))
    try:
        from ctsharness import cases, engine

        from tests.scorm_runtime.cts.adapter import LecternEngine

        ours = LecternEngine()
        parser = cases.Parser(cases.Bundles(), ours.learner_id, ours.learner_name)
        session = engine.HeadlessSession(ours, str(SUITE / "manifests"), parser)
        yield Suite(cases, session)
    finally:
        sys.path.remove(str(SUITE / "harness"))


class Suite:
    """The loaded cases and the session that plays them."""

    def __init__(self, cases: ModuleType, session: Any) -> None:
        self.cases, self.session = cases.load_all(), session


@pytest.mark.skipif(not NAMES, reason=f"ADL's cases are not in {SUITE}")
@pytest.mark.parametrize("name", NAMES or ["none"])
def test_case(suite: Suite, name: str):
    outcome, _ = suite.session.play(suite.cases[name])
    assert outcome.verdict == "pass", [*outcome.failures[:5], *outcome.notes]
    assert outcome.advice == []
