"""One attempt while journal entries are applied: its SCOs, which of them is in front, the result.

Values in, values out. `services/commits.py` reads the rows into it and writes them back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scorm_runtime.core.cmi.table import Table
from scorm_runtime.core.contents import Contents
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.outcome import Interaction, Standing, find_events, roll_up
from scorm_runtime.core.sco import ScoRun, ScoState
from scorm_runtime.core.settings import RuntimeSettings


@dataclass(frozen=True)
class Remark:
    """What the call log says about an entry: refused with a code, or taken with a warning."""

    n: int
    code: str
    text: str

    def to_json(self) -> list[int | str]:
        return [self.n, self.code, self.text]


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
    ) -> None:
        """`states` by item identifier; `current` is the item in front, "" for none."""
        self.contents = contents
        self.settings = settings
        self.scos = {
            item.identifier: ScoRun(table, item, states.get(item.identifier, ScoState()), settings)
            for item in contents.playable
        }
        self.current = current if current in self.scos else ""
        self.delivery = delivery
        self.before = self.standing()

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
        return True

    def cut_off(self) -> None:
        """End the communication session that is still running, if one is."""
        for sco in self.scos.values():
            sco.cut_off()

    def choose_start(self) -> str:
        """Where to begin: the item of last time unless it is done and another is not; "" when
        there is nothing to play."""
        items = [item.identifier for item in self.contents.playable]
        unfinished = [name for name in items if self._completion(name) != "completed"]
        if self.current and (not unfinished or self.current in unfinished):
            return self.current
        return unfinished[0] if unfinished else (items[0] if items else "")

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

    def _completion(self, identifier: str) -> str:
        return self.scos[identifier].result().completion

    def _apply(self, entry: Entry) -> Remark | None:
        if entry.op == "refused":
            element, _, code = entry.arguments
            return Remark(entry.n, code, f"{element}: refused in the browser")
        if entry.op == "deliver":
            if self.deliver(entry.arguments[0]):
                return None
            return Remark(entry.n, "101", f"there is no item {entry.arguments[0]}")
        if not self.current:
            return Remark(entry.n, "301", "no item is in front")
        answer = self.scos[self.current].apply(entry.op, entry.arguments)
        return Remark(entry.n, answer.code, answer.remark) if answer.remark else None
