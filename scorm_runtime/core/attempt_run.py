"""One SCORM 1.2 attempt while journal entries are applied: its SCOs, which of them is in front,
the result. The twin of `sequenced_run.SequencedRun`; both have the face of `run.Run`.

SCORM 1.2 leaves navigation to the LMS (CAM 1.2 2.1.2.2): every visible item may be chosen, next and
previous follow the order of the tree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scorm_runtime.core.cmi.table import Table
from scorm_runtime.core.contents import Contents
from scorm_runtime.core.journal import CONTROLS, Entry
from scorm_runtime.core.outcome import Interaction, Standing, find_events, roll_up
from scorm_runtime.core.run import NavDocument, Remark
from scorm_runtime.core.sco import ScoRun, ScoState
from scorm_runtime.core.settings import RuntimeSettings

_STEPS = {"continue": 1, "previous": -1}


@dataclass(frozen=True)
class Navigated12:
    """What became of a navigation request (`run.Navigated`)."""

    code: str = ""
    delivered: str = ""
    ended: bool = False
    message: str = ""


class AttemptRun:
    """The attempt in motion."""

    def __init__(
        self,
        table: Table,
        contents: Contents,
        states: Mapping[str, ScoState],
        settings: RuntimeSettings,
        *,
        current: str = "",
        delivery: int = 0,
        ended: bool = False,
    ) -> None:
        """`states` by item identifier; `current` is the item in front, "" for none; `ended`: the
        learner has left, and `current` is where a next visit begins."""
        self.contents = contents
        self.settings = settings
        self.scos = {
            item.identifier: ScoRun(table, item, states.get(item.identifier, ScoState()), settings)
            for item in contents.playable
        }
        self.current = current if current in self.scos else ""
        self.delivery = delivery
        self.ended = ended
        self.last_navigation: Navigated12 | None = None
        self.decisions: list[list[str]] = []
        self.before = self.standing()

    def open(self, start: bool) -> None:
        """Bring the item of last time to the front unless it is done and another is not; or
        nothing, with `start` False."""
        self.ended = False
        if start:
            self.deliver(self.choose_start())

    def apply(self, entries: Iterable[Entry]) -> list[Remark]:
        """Apply entries in order; answers what there is to say about them."""
        remarks = []
        for entry in entries:
            remark = self._apply(entry)
            if remark is not None:
                remarks.append(remark)
        return remarks

    def deliver(self, identifier: str) -> bool:
        """Bring an item to the front; False when there is none of that name."""
        if identifier not in self.scos:
            return False
        self.cut_off()
        self.scos[identifier].deliver()
        self.current = identifier
        self.delivery += 1
        self.ended = False
        return True

    def navigate(self, request: str, target: str = "") -> Navigated12:
        """The learner's event: a step, a choice, or leaving."""
        self.last_navigation = self._navigate(request, target)
        code = self.last_navigation.code
        self.decisions.append([request, code, target or self.current, self.last_navigation.message])
        return self.last_navigation

    def cut_off(self) -> None:
        """End the communication session that is still running, if one is."""
        for sco in self.scos.values():
            sco.cut_off()

    def choose_start(self) -> str:
        """Where to begin: the item of last time unless it is done and another is not; "" when
        there is nothing to play."""
        items = list(self.scos)
        unfinished = [name for name in items if self._completion(name) != "completed"]
        if self.current and (not unfinished or self.current in unfinished):
            return self.current
        return unfinished[0] if unfinished else (items[0] if items else "")

    def nav(self) -> NavDocument:
        """Steps where there is somewhere to go, every visible item, and the way out."""
        controls = dict.fromkeys(CONTROLS, "hidden")
        controls["exitAll"] = "enabled"
        why = {}
        if len(self.scos) > 1:
            for request, code in (("continue", "last_item"), ("previous", "first_item")):
                controls[request] = "enabled" if self._neighbour(request) else "disabled"
                if controls[request] == "disabled":
                    why[request] = code if self.current else "nothing_in_front"
        names = [item.identifier for item in self.contents.items if item.is_visible]
        headings = [name for name in (self.contents.root, *names) if name not in self.scos]
        choice = {name: "enabled" if name in self.scos else "disabled" for name in names}
        choice |= dict.fromkeys(headings, "disabled")
        why |= dict.fromkeys(headings, "heading")
        return {**controls, "choice": choice, "jump": [], "why": why}

    def standing(self) -> Standing:
        return roll_up(sco.result() for sco in self.scos.values())

    def events(self) -> tuple[str, ...]:
        """Beginnings and ends of sessions and changes of standing since this run began, in the
        order of `Outcome.events`."""
        found = {event for sco in self.scos.values() for event in sco.events}
        begun = [name for name in ("initialized", "resumed") if name in found]
        ended = [name for name in ("suspended", "terminated") if name in found]
        return (*begun, *find_events(self.before, self.standing()), *ended)

    def interactions(self) -> tuple[Interaction, ...]:
        return tuple(one for sco in self.scos.values() for one in sco.interactions())

    def state_json(self) -> dict[str, Any]:
        return {"ended": self.ended} if self.ended else {}

    def _completion(self, identifier: str) -> str:
        return self.scos[identifier].result().completion

    def _neighbour(self, request: str) -> str:
        """The item after or before the one in front; "" when there is none."""
        names = list(self.scos)
        if self.current not in names:
            return ""
        at = names.index(self.current) + _STEPS[request]
        return names[at] if 0 <= at < len(names) else ""

    def _navigate(self, request: str, target: str) -> Navigated12:
        if request in _STEPS:
            target = self._neighbour(request)
        elif request != "choice":
            self.cut_off()
            self.ended = True
            return Navigated12(ended=True)
        if self.deliver(target):
            return Navigated12(delivered=target)
        return Navigated12(code="no_item", message=f"there is no item to go to by {request}")

    def _apply(self, entry: Entry) -> Remark | None:
        if entry.op == "refused":
            element, _, code = entry.arguments
            return Remark(entry.n, code, f"{element}: refused in the browser")
        if entry.op == "deliver":
            if self.deliver(entry.arguments[0]):
                return None
            return Remark(entry.n, "101", f"there is no item {entry.arguments[0]}")
        if entry.op == "navigate":
            done = self.navigate(*entry.arguments)
            return Remark(entry.n, "101", done.message) if done.code else None
        if not self.current or self.ended:
            return Remark(entry.n, "301", "no item is in front")
        answer = self.scos[self.current].apply(entry.op, entry.arguments)
        return Remark(entry.n, answer.code, answer.remark) if answer.remark else None
