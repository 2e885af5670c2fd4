"""What a sequenced run says of its SCOs and of the whole course."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scorm_runtime.core.contents import Item
from scorm_runtime.core.outcome import Completion, Score, ScoResult, Standing, Success
from scorm_runtime.core.run import Sco
from scorm_runtime.core.sco_report import ItemLaunch, Sco2004State
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.sequencer import Sequencer

_COMPLETION: dict[bool | None, Completion] = {
    True: "completed",
    False: "incomplete",
    None: "unknown",
}
_SUCCESS: dict[bool | None, Success] = {True: "passed", False: "failed", None: "unknown"}


@dataclass(frozen=True)
class RestingSco:
    """A SCO that is not in front: only what is kept of it (`run.Sco`)."""

    state: Sco2004State

    @property
    def loaded(self) -> Sco2004State:
        return self.state

    def result(self) -> ScoResult:
        return ScoResult(
            self.state.completion, self.state.success, Score(), self.state.total_seconds
        )

    def launch_values(self) -> Mapping[str, str]:
        return self.state.launch


def describe_item(item: Item, activity: Activity) -> ItemLaunch:
    """What the manifest says of an item, for its run-time."""
    definition, primary = activity.definition, activity.primary
    seconds = definition.limits.attempt_absolute
    return ItemLaunch(
        identifier=item.identifier,
        title=item.title,
        kind="asset" if item.kind == "asset" else "sco",
        launch_data=item.launch_data,
        max_time_allowed="" if seconds is None else f"PT{seconds:g}S",
        time_limit_action=item.time_limit_action,
        completion_threshold=definition.min_progress if definition.completed_by_measure else None,
        scaled_passing_score=primary.min_measure if primary.satisfied_by_measure else None,
    )


def find_standing(s: Sequencer, scos: Mapping[str, Sco], best: Mapping[str, Any]) -> Standing:
    """The root's tracking as a result; `best` is what it was before (`state_json`)."""
    root = s.course.root
    results = [sco.result() for sco in scos.values()]
    completion = _COMPLETION[s.completed(root)]
    if completion == "unknown" and s.of(root).attempts:
        completion = "incomplete"
    if completion == "unknown":
        completion = "not attempted"
    success = _SUCCESS[s.satisfied(root)]
    scaled = s.measure(root)
    return Standing(
        completion="completed" if best.get("completion") == "completed" else completion,
        success=best.get("success", "unknown") if success == "unknown" else success,
        score=_score(scaled if scaled is not None else best.get("scaled"), results),
        total_seconds=sum(result.total_seconds for result in results),
    )


def _score(scaled: float | None, results: list[ScoResult]) -> Score:
    """With one SCO its own raw score stands beside the measure."""
    own = results[0].score if len(results) == 1 else Score()
    found = own.scaled if scaled is None else scaled
    return Score(raw=own.raw, min=own.min, max=own.max, scaled=found)
