"""One SCORM 2004 attempt while journal entries are applied: sequencing and the SCO in front.

The twin of `attempt_run.AttemptRun`; both have the face of `run.Run`. Values in, values out.

    SCO's calls ─► sco_2004.Sco2004Run ─ScoReport─► sequencing (OP.1) ─TrackingForSco─► the next

What the SCO has said becomes tracking when its attempt ends, or is suspended; until then it stands
beside the state, and looking ahead applies it to a copy. So an abandoned attempt leaves nothing.

The content's own adl.nav.request is worked on when the entries are through, so that an event of the
learner in the same batch, which took the SCO away and made it say that, comes first (ST-18).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from scorm_runtime.core.cmi.table import Table
from scorm_runtime.core.contents import Contents
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.outcome import Interaction, Standing, find_events
from scorm_runtime.core.played_scos import PlayedScos
from scorm_runtime.core.run import NavDocument, Remark, Sco
from scorm_runtime.core.sco_2004 import Sco2004Run
from scorm_runtime.core.sco_report import Sco2004State
from scorm_runtime.core.sequenced_requests import (
    ABANDONS,
    MOVES,
    NavigationResult,
    end_by_exit,
    is_tracked,
)
from scorm_runtime.core.sequenced_scos import (
    count_seconds,
    find_standing,
    hand_over,
    standing_from_json,
    standing_to_json,
    take_away,
)
from scorm_runtime.core.sequencing import selection
from scorm_runtime.core.sequencing.course import Course
from scorm_runtime.core.sequencing.look_ahead import look_ahead, parse_request
from scorm_runtime.core.sequencing.navigation import navigation_request
from scorm_runtime.core.sequencing.overall import Outcome, overall_sequencing
from scorm_runtime.core.sequencing.report import build_tracking
from scorm_runtime.core.sequencing.requests import MEANINGS
from scorm_runtime.core.sequencing.rollup import overall_rollup
from scorm_runtime.core.sequencing.sequencer import Sequencer
from scorm_runtime.core.sequencing.state import LearnerGlobals, SequencingState
from scorm_runtime.core.settings import RuntimeSettings

BROUGHT = "SM.7"
"""The line of the call log with what a visit finds of global objectives, as JSON."""


@dataclass(frozen=True)
class Learner:
    """Whose attempt it is, as far as sequencing has to know."""

    globals: LearnerGlobals
    """Brought along from other courses; changed by the run, see `SequencedRun.globals`."""
    credit: Literal["credit", "no-credit"] = "credit"
    mode: Literal["normal", "browse", "review"] = "normal"


class SequencedRun:
    """The attempt in motion."""

    def __init__(
        self,
        table: Table,
        course: Course,
        contents: Contents,
        states: Mapping[str, Sco2004State],
        settings: RuntimeSettings,
        learner: Learner,
        *,
        sequencing: Mapping[str, Any] | None = None,
        delivery: int = 0,
        now: datetime,
        randbelow: Callable[[int], int],
    ) -> None:
        """`states` by item identifier; `sequencing` as `state_json` gave it, {} or None for an
        attempt that was never opened; `randbelow(n)`: a random number from 0 to n - 1."""
        kept = sequencing or {}
        self.contents, self.settings, self._learner = contents, settings, learner
        self.brought = learner.globals.fork()
        """What the learner has brought along from other courses."""
        self._s = Sequencer(
            course, SequencingState.from_json(kept), learner.globals, now, randbelow, []
        )
        self._begun = bool(kept.get("begun"))
        self.before = standing_from_json(kept.get("standing"))
        self.ended = bool(kept.get("ended"))
        self.current = str(kept.get("front", ""))
        self.delivery = delivery
        self._scos = PlayedScos(table, contents, states, settings, course.edition)
        self._pending = ""
        self._moment: Sequencer | None = None
        self._nav: NavDocument | None = None
        self._standing: Standing | None = self.before if kept else None
        self.nav_changed = False
        """`nav` may answer otherwise than before this run."""
        self.last_navigation: NavigationResult | None = None
        self.decisions: list[list[str]] = []

    # What happens

    def open(self, start: bool) -> None:
        """A window opens the attempt: what was suspended is resumed, otherwise the course starts;
        with `start` False nothing comes to the front (ST-16)."""
        if self._s.current is not None:
            self.cut_off()
        if carried := self._s.carried():
            self.decisions.append([BROUGHT, "", "", json.dumps(carried)])
        if not self._begun:
            selection.begin(self._s)
            self._begun = True
        self.ended, self.current = False, ""
        self._changed()
        if not start:
            return
        if self._s.suspended is not None and not self._request("resumeAll", "").code:
            return
        self._request("start", "")

    def bring(self, objectives: Mapping[str, Any]) -> None:
        """What the log says that a visit found of global objectives (a replay)."""
        self._s.globals.objectives.update(objectives)
        self._changed()

    def apply(self, entries: Iterable[Entry]) -> list[Remark]:
        """Apply entries in order; answers what there is to say about them."""
        remarks = [remark for entry in entries if (remark := self._apply(entry)) is not None]
        if self._pending:
            request, target = parse_request(self._pending)
            self._pending = ""
            self._request(request, target)
        return remarks

    def navigate(self, request: str, target: str = "") -> NavigationResult:
        """The learner's event; it takes the place of whatever the SCO has asked for."""
        self._pending = ""
        return self._request(request, target)

    def cut_off(self) -> None:
        """The window is gone without a request: an implicit suspendAll when the SCO asked to be
        suspended or the package keeps data anyway, else an implicit exitAll."""
        if self._s.current is None:
            return
        sco = self._in_front()
        keeps = self.settings.keep_without_suspend or (
            sco is not None and sco.report().exit == "suspend"
        )
        self._request("suspendAll" if keeps else "exitAll", "")

    # What is known

    @property
    def scos(self) -> Mapping[str, Sco]:
        """Those that were delivered at least once."""
        return self._scos.all

    @property
    def globals(self) -> LearnerGlobals:
        """What the learner carries on to other courses, as it is now."""
        return self._s.globals

    def nav_json(self) -> dict[str, Any]:
        """What `nav` answers, with what it rests on beside the state: for `recall`."""
        return {"valid": self.nav(), "carried": self._s.carried()}

    def recall(self, kept: Mapping[str, Any]) -> None:
        """What `nav_json` was when the state was stored: holds until something changes here, unless
        time may change it, or other courses have."""
        if not self._s.course.depends_on_time and kept["carried"] == self._s.carried():
            self._nav = kept["valid"]

    def nav(self) -> NavDocument:
        """What is valid now, values included that the SCO has set and not committed."""
        if self._nav is None:
            self._nav = look_ahead(self._as_of_now())
        return self._nav

    def tracking(self) -> Sequencer:
        """The tracking model as of now, what the SCO in front has said included; only to read."""
        return self._as_of_now()

    def standing(self) -> Standing:
        """What the root has come to (`sequenced_scos.find_standing`)."""
        if self._standing is None:
            self._standing = find_standing(self._as_of_now(), self.scos, self.before)
        return replace(self._standing, total_seconds=count_seconds(self.scos))

    def events(self) -> tuple[str, ...]:
        """Since this run began, in the order of `Outcome.events`."""
        found = self._scos.events()
        begun = [name for name in ("initialized", "resumed") if name in found]
        ended = [name for name in ("suspended", "terminated") if name in found]
        return (*begun, *find_events(self.before, self.standing()), *ended)

    def interactions(self) -> tuple[Interaction, ...]:
        """Those written to since this run began."""
        return self._scos.interactions()

    def state_json(self) -> dict[str, Any]:
        """What to keep beside the SCOs' own states."""
        return {
            **self._s.state.to_json(),
            "begun": self._begun,
            "ended": self.ended,
            "front": self.current,
            "standing": standing_to_json(self.standing()),
        }

    # How

    def _apply(self, entry: Entry) -> Remark | None:
        if entry.op == "refused":
            element, _, code = entry.arguments
            return Remark(entry.n, code, f"{element}: refused in the browser")
        if entry.op in ("navigate", "deliver"):
            request = entry.arguments if entry.op == "navigate" else ("choice", *entry.arguments)
            done = self.navigate(*request)
            return Remark(entry.n, "101", f"{done.code}: {done.message}") if done.code else None
        sco = self._in_front()
        if sco is None:
            return Remark(entry.n, "301", "no item is in front")
        answer = sco.apply(entry.op, entry.arguments)
        if entry.op == "set" and is_tracked(entry.arguments[0]):
            self._changed()
        if entry.op == "finish" and answer.code == "0":
            self._changed()
            self._pending = end_by_exit(sco.report().nav_request, sco.report())
        return Remark(entry.n, answer.code, answer.remark) if answer.remark else None

    def _request(self, request: str, target: str) -> NavigationResult:
        """One navigation request through OP.1, on a copy that is kept unless it is refused."""
        sco = self._in_front()
        request = end_by_exit(request, sco.report() if sco else None)
        trial = self._s.trial()
        sought = trial.course.find(target)
        outcome = Outcome(navigation_request(trial, request, sought).code)
        refused = bool(outcome.code)
        if not refused:
            if request not in ABANDONS:
                self._hand_over(trial)
            outcome = overall_sequencing(trial, request, sought)
            refused = bool(outcome.code) and request in MOVES
        meaning = MEANINGS.get(outcome.code, "")
        decisions = [[request, outcome.code, target, meaning], *(trial.decisions or [])]
        self.decisions += decisions
        self._changed()
        delivered = ""
        if not refused:
            if sco is not None:
                take_away(sco, request)
            self._s = trial
            delivered = self._show(outcome)
        told = tuple(tuple(one) for one in decisions)
        self.last_navigation = NavigationResult(outcome.code, delivered, self.ended, meaning, told)
        return self.last_navigation

    def _show(self, outcome: Outcome) -> str:
        """What OP.1 decided becomes what is in front; answers what was delivered, or ""."""
        self.ended = outcome.ended
        if outcome.delivered is None:
            if not outcome.ended:
                self.current = ""
            return ""
        activity = outcome.delivered
        sco = self._scos.find(activity)
        if sco is None:
            return ""
        tracking = build_tracking(self._s, activity, resumes=outcome.entry == "resume")
        sco.deliver(replace(tracking, credit=self._learner.credit, mode=self._learner.mode))
        self.current = activity.identifier
        self.delivery += 1
        return self.current

    def _as_of_now(self) -> Sequencer:
        """A copy with all that the SCO in front has said so far, rolled up."""
        if self._moment is None:
            moment = self._s.fork()
            activity = moment.current
            if activity is not None and self._hand_over(moment):
                overall_rollup(moment, activity)
            self._moment = moment
        return self._moment

    def _hand_over(self, s: Sequencer) -> bool:
        sco, activity = self._in_front(), s.current
        if sco is None or activity is None:
            return False
        hand_over(s, activity, sco)
        return True

    def _changed(self) -> None:
        self._moment = self._nav = self._standing = None
        self.nav_changed = True

    def _in_front(self) -> Sco2004Run | None:
        activity = self._s.current
        if activity is None or not self._s.of(activity).is_active:
            return None
        return self._scos.find(activity)
