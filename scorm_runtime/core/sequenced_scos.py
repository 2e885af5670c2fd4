"""What a sequenced run says of its SCOs and of the whole course."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scorm_runtime.core.cmi.scalars import parse_decimal
from scorm_runtime.core.contents import Item
from scorm_runtime.core.outcome import Completion, Score, ScoResult, Standing, Success, scale_score
from scorm_runtime.core.run import Sco
from scorm_runtime.core.sco_2004 import Sco2004Run
from scorm_runtime.core.sco_report import ItemLaunch, Sco2004State
from scorm_runtime.core.sequenced_requests import ABANDONS
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.report import apply_report, count_time
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
        return ScoResult(self.state.completion, self.state.success, self._score(), self.seconds)

    @property
    def seconds(self) -> float:
        """Time in it, in all attempts."""
        return self.state.earlier_seconds + self.state.total_seconds

    def launch_values(self) -> Mapping[str, str]:
        return self.state.launch

    def _score(self) -> Score:
        raw, low, high, scaled = (
            parse_decimal(self.state.values.get(f"cmi.score.{part}", ""))
            for part in ("raw", "min", "max", "scaled")
        )
        return Score(raw, low, high, scaled)


def describe_item(item: Item, activity: Activity, edition: int) -> ItemLaunch:
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
        edition=edition,
    )


def hand_over(s: Sequencer, activity: Activity, sco: Sco2004Run) -> None:
    """What the SCO in front has said becomes tracking."""
    report = sco.report()
    apply_report(s, activity, report)
    count_time(s, activity, report.session_seconds)
    if report.exit == "suspend":
        s.change(activity, is_suspended=True)


def take_away(sco: Sco2004Run, request: str) -> None:
    """It is no longer in front."""
    if request in ABANDONS:
        sco.abandon()
    else:
        sco.cut_off("suspend" if request == "suspendAll" else "")


NOTHING_YET = Standing("not attempted", "unknown", Score(), 0.0)


def find_standing(s: Sequencer, scos: Mapping[str, Sco], before: Standing) -> Standing:
    """The root's tracking as a result, after `before`: completion once reached is kept, also when
    the course is taken anew, and the last result until there is another one."""
    root = s.course.root
    results = [sco.result() for sco in scos.values()] if len(scos) == 1 else []
    completion = _COMPLETION[s.completed(root)]
    if completion == "unknown" and s.of(root).attempts:
        completion = "incomplete"
    if completion == "unknown":
        completion = "not attempted"
    success = _SUCCESS[s.satisfied(root)]
    score = _score(s.measure(root), results)
    return Standing(
        completion="completed" if before.completion == "completed" else completion,
        success=before.success if success == "unknown" else success,
        score=before.score if score == Score() else score,
        total_seconds=count_seconds(scos),
    )


def count_seconds(scos: Mapping[str, Sco]) -> float:
    """Time in all SCOs."""
    return sum(sco.seconds for sco in scos.values())


def standing_to_json(standing: Standing) -> dict[str, Any]:
    """As `state_json` keeps it."""
    return {**vars(standing), "score": vars(standing.score).copy()}


def standing_from_json(data: Mapping[str, Any] | None) -> Standing:
    """Read it back; None or {}: nobody has been here."""
    if not data:
        return NOTHING_YET
    return Standing(**{**data, "score": Score(**data["score"])})


def _score(scaled: float | None, results: list[ScoResult]) -> Score:
    """With one SCO its own raw score stands beside the measure, and in its place where the content
    reports no scaled one."""
    own = results[0].score if len(results) == 1 else Score()
    found = own.scaled if scaled is None else scaled
    if found is None:
        found = scale_score(own.raw, own.min, own.max)
    return Score(raw=own.raw, min=own.min, max=own.max, scaled=found)
