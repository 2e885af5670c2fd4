"""What services and views know of an attempt in motion, whichever standard it follows.

Two kinds of run have this face: `attempt_run.AttemptRun` (SCORM 1.2) and
`sequenced_run.SequencedRun` (SCORM 2004). Values in, values out: `services/runs.py` reads the rows
into one and writes them back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scorm_runtime.core.contents import Contents
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.outcome import Interaction, ScoResult, Standing

NavDocument = Mapping[str, Any]
"""What is valid now, JSON: each of the controls of `journal.CONTROLS` ("enabled", "disabled" or
"hidden"), "choice" by identifier (the organization's too), "jump" (identifiers), "why" (by control
or identifier: the code of the reason that something is disabled)."""


@dataclass(frozen=True)
class Remark:
    """What the call log says about an entry: refused with a code, or taken with a warning."""

    n: int
    code: str
    text: str

    def to_json(self) -> list[int | str]:
        return [self.n, self.code, self.text]


class Navigated(Protocol):
    """What became of a navigation request."""

    @property
    def code(self) -> str:
        """Exception code of the pseudo-code ("NB.2.1-4"); "" when the request was carried out."""

    @property
    def delivered(self) -> str:
        """The item it brought to the front, "" for none."""

    @property
    def ended(self) -> bool:
        """The sequencing session is over."""

    @property
    def message(self) -> str:
        """The reason in words, for the call log."""


class Sco(Protocol):
    """One SCO of a run."""

    @property
    def state(self) -> Any:
        """`sco.ScoState` or `sco_report.Sco2004State`."""

    @property
    def loaded(self) -> Any:
        """The state it began with."""

    @property
    def seconds(self) -> float:
        """Time in it, the running session's included."""

    def result(self) -> ScoResult:
        """What it has come to, the running session included."""

    def launch_values(self) -> Mapping[str, str]:
        """Elements that the system provides for the session in front."""


class Run(Protocol):
    """The attempt in motion."""

    contents: Contents
    current: str
    """Identifier of the item in front, "" for none."""
    delivery: int
    """Grows with each delivery, also of the same item (ST-17)."""
    ended: bool
    """The learner's visit is over: nothing is in front until the attempt is opened again."""

    @property
    def last_navigation(self) -> Navigated | None:
        """Of the last request since this run began, the content's or the learner's."""

    @property
    def scos(self) -> Mapping[str, Sco]:
        """Those that have something to keep, by item identifier."""

    @property
    def before(self) -> Standing:
        """What the attempt had come to when this run began."""

    @property
    def decisions(self) -> Sequence[Sequence[str]]:
        """[process, code, activity, note] of each decision since this run began."""

    def open(self, start: bool) -> None:
        """A window opens the attempt: resume or start, or bring nothing to the front."""

    def navigate(self, request: str, target: str = "") -> Navigated:
        """The learner's event, or one in the learner's place."""

    def apply(self, entries: Iterable[Entry]) -> list[Remark]:
        """Apply entries in order; answers what there is to say about them."""

    def cut_off(self) -> None:
        """The window is gone: end what is still running so that it can be resumed."""

    def nav(self) -> NavDocument:
        """What the learner, or the content, could ask for now."""

    def standing(self) -> Standing:
        """What the whole attempt has come to."""

    def events(self) -> tuple[str, ...]:
        """Since this run began, in the order of `Outcome.events`."""

    def interactions(self) -> tuple[Interaction, ...]:
        """Those written to since this run began."""

    def state_json(self) -> dict[str, Any]:
        """What to keep beside the SCOs' own states."""
