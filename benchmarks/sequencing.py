"""How long sequencing takes on a course of 1,000 activities: `python -m benchmarks.sequencing`.

Three shapes: flat (999 SCOs below the organization), chapters (31 × 31), deep (9 levels of two).
Each line: the median and the worst of 30 runs in milliseconds of processor time, and the aim. A
commit is what a run does between its stored state and its stored state: load, roll-up
on a copy for the standing where a status changed, save. The look-ahead that follows a changed
status is the line above; the SCO's data model and the database are not in it.
"""

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from scorm_runtime.core.sequencing.course import build_course
from scorm_runtime.core.sequencing.look_ahead import look_ahead
from scorm_runtime.core.sequencing.overall import overall_sequencing
from scorm_runtime.core.sequencing.rollup import overall_rollup
from scorm_runtime.core.sequencing.selection import begin
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.state import LearnerGlobals, SequencingState

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUNS = 30
_SKIP = {
    "combination": "all",
    "conditions": [{"condition": "satisfied", "negated": False, "objective": "", "threshold": 0}],
    "action": "skip",
}
SEQUENCING: dict[str, Any] = {
    "control_mode": {"flow": True, "choice": True},
    "rules": {"pre": [_SKIP], "exit": [], "post": []},
}


def _node(name: str, items: list[Any]) -> dict[str, Any]:
    return {"identifier": name, "title": name, "sequencing": SEQUENCING, "items": items}


def _manifest(items: list[Any]) -> dict[str, Any]:
    return {"organization": _node("root", []), "items": items}


def _binary(depth: int, name: str) -> list[Any]:
    if depth == 0:
        return []
    return [_node(f"{name}{side}", _binary(depth - 1, f"{name}{side}")) for side in "ab"]


SHAPES = {
    "flat": _manifest([_node(f"a{at}", []) for at in range(999)]),
    "chapters": _manifest(
        [_node(f"c{at}", [_node(f"c{at}-{n}", []) for n in range(31)]) for at in range(31)]
    ),
    "deep": _manifest(_binary(9, "n")),
}


def _measure(work: Callable[[Any], object], prepare: Callable[[], Any]) -> tuple[float, float]:
    taken = []
    for _ in range(RUNS):
        given = prepare()
        begun = time.process_time()
        work(given)
        taken.append((time.process_time() - begun) * 1000)
    return statistics.median(taken), max(taken)


def _halfway(manifest: dict[str, Any]) -> Sequencer:
    """A learner who has done the first half, as loaded for a request."""
    course = build_course(manifest)
    chance = random.Random(1)
    s = Sequencer(course, SequencingState(), LearnerGlobals(), NOW, chance.randrange, None)
    begin(s)
    overall_sequencing(s, "start")
    leaves = sum(one.is_leaf for one in course.activities.values())
    for _ in range(leaves // 2):
        overall_sequencing(s, "continue")
    s.state = SequencingState.from_json(json.loads(json.dumps(s.state.to_json())))
    return s


def main() -> None:
    """Print the figures."""
    print(f"{'shape':10} {'what':28} {'median':>8} {'worst':>8}  aim (ms)")
    for shape, manifest in SHAPES.items():
        s = _halfway(manifest)
        assert s.current is not None
        for what, aim, work in _works(s):
            median, worst = _measure(work, s.fork)
            print(f"{shape:10} {what:28} {median:8.2f} {worst:8.2f}  {aim}")


def _works(s: Sequencer) -> list[tuple[str, str, Callable[[Any], object]]]:
    last = list(s.course.activities.values())[-1]
    document = s.state.to_json()
    return [
        ("continue", "< 20", lambda t: overall_sequencing(t, "continue")),
        ("choice of the last", "< 20", lambda t: overall_sequencing(t, "choice", last)),
        ("exitAll", "< 20", lambda t: overall_sequencing(t, "exitAll")),
        ("look-ahead after it", "", look_ahead),
        ("continue and look ahead", "< 20", _continue_and_look),
        ("commit, no status change", "< 2", lambda t: _commit(t, document)),
        ("commit, a status changed", "< 2", lambda t: _commit(t, document, completion=True)),
    ]


def _continue_and_look(s: Sequencer) -> object:
    overall_sequencing(s, "continue")
    return look_ahead(s)


def _commit(s: Sequencer, document: dict[str, Any], **said: bool) -> object:
    """Engine time of a commit without navigation, the look-ahead beside it."""
    s.state = SequencingState.from_json(document)
    if said:
        assert s.current is not None
        moment = s.fork()
        moment.write(s.current, s.current.primary, dict(said), by_content=True)
        overall_rollup(moment, s.current)
    return s.state.to_json()


if __name__ == "__main__":
    main()
