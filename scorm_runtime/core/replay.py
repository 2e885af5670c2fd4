"""Replaying a call log in a sandbox: the same entries on a fresh attempt, and what differs.

The sandbox is a run that nobody saves: no row, no grade, no statement, nothing that a learner
could see. It shows whether the run-time of today makes of the same calls what it made of them then,
and what was valid at any moment of the way.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scorm_runtime.core.attempt_run import AttemptRun
from scorm_runtime.core.call_log import Batch
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.run import NavDocument, Run
from scorm_runtime.core.sequenced_run import BROUGHT, SequencedRun
from scorm_runtime.core.sequenced_scos import standing_to_json

MOST_ENTRIES = 50_000
"""Entries that a replay applies; what follows is left out and said."""


@dataclass(frozen=True)
class Difference:
    """Something that came out otherwise."""

    what: str
    """"result", "status", "values" (of an item), or "answer" (to an entry)."""
    name: str
    """Part of the result, identifier and element, or number of the entry."""
    recorded: str
    replayed: str


@dataclass(frozen=True)
class Replayed:
    """What came of it."""

    entries: int
    batches: int
    is_whole: bool
    """All of the log was applied, not only its first part."""
    differences: tuple[Difference, ...]
    nav: NavDocument
    """What was valid after the last entry."""
    standing: Mapping[str, Any]
    front: str


def replay_log(
    run: Run, batches: Iterable[Batch], *, until: str = ""
) -> tuple[Replayed, list[Difference]]:
    """Apply the log up to and with batch `until` ("": all of it) to a run that never began.

    What a window did at its opening is repeated; entries that were refused as stale are not
    applied, as they were not then. Answers the state, and answers that differ.
    """
    entries = count = 0
    is_whole = True
    differences: list[Difference] = []
    for batch in batches:
        if entries + len(batch.entries) > MOST_ENTRIES:
            is_whole = False
            break
        count += 1
        entries += len(batch.entries)
        differences += _apply(run, batch)
        if batch.id == until:
            is_whole = False
            break
    state = Replayed(
        entries, count, is_whole, (), run.nav(), standing_to_json(run.standing()), run.current
    )
    return state, differences


def _apply(run: Run, batch: Batch) -> list[Difference]:
    if batch.kind == "open":
        run.cut_off()
        if isinstance(run, SequencedRun):
            run.bring(_read_brought(batch))
        run.open(isinstance(run, AttemptRun) or _starts(batch))
        return []
    if batch.kind == "stale":
        return []
    remarks = run.apply([_entry(one) for one in batch.entries])
    then = {str(remark[0]): str(remark[1]) for remark in batch.remarks}
    now = {str(remark.n): remark.code for remark in remarks}
    return [
        Difference("answer", n, then.get(n, "0"), now.get(n, "0"))
        for n in sorted(then.keys() | now.keys(), key=int)
        if then.get(n, "0") != now.get(n, "0")
    ]


def _read_brought(batch: Batch) -> Mapping[str, Any]:
    """Global objectives as this visit found them; logs of earlier releases do not have them."""
    found = next((note for process, _, _, note in batch.decisions if process == BROUGHT), "{}")
    brought: dict[str, Any] = json.loads(found)
    return brought


def _starts(batch: Batch) -> bool:
    """An opening of the contents alone asks sequencing for nothing (ST-16)."""
    return any(one[0] in ("start", "resumeAll") for one in batch.decisions)


def _entry(data: Sequence[Any]) -> Entry:
    n, operation, *arguments = data
    return Entry(int(n), str(operation), tuple(str(argument) for argument in arguments))


def compare_runs(recorded: Run, replayed: Run) -> list[Difference]:
    """What a replay of the whole log has come to otherwise than the attempt itself."""
    differences = _compare("result", asdict(recorded.standing()), asdict(replayed.standing()))
    for name in recorded.scos.keys() | replayed.scos.keys():
        then, now = recorded.scos.get(name), replayed.scos.get(name)
        then_said = {} if then is None else asdict(then.result())
        now_said = {} if now is None else asdict(now.result())
        differences += _compare("status", then_said, now_said, f"{name}: ")
        then_kept = {} if then is None else then.state.values
        now_kept = {} if now is None else now.state.values
        differences += _compare("values", then_kept, now_kept, f"{name}: ")
    return sorted(differences, key=lambda one: (one.what, one.name))


def _compare(
    what: str, then: Mapping[str, Any], now: Mapping[str, Any], prefix: str = ""
) -> list[Difference]:
    return [
        Difference(what, f"{prefix}{name}", _text(then.get(name)), _text(now.get(name)))
        for name in then.keys() | now.keys()
        if then.get(name) != now.get(name)
    ]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {one}" for name, one in value.items() if one is not None)
    return "–" if value is None else str(value)
