"""The SCOs of a SCORM 2004 attempt: those that rest as they were stored, and those that were
brought to the front since."""

from collections.abc import Mapping

from scorm_runtime.core.cmi.table import Table
from scorm_runtime.core.contents import Contents
from scorm_runtime.core.outcome import Interaction
from scorm_runtime.core.run import Sco
from scorm_runtime.core.sco_2004 import Sco2004Run
from scorm_runtime.core.sco_report import Sco2004State
from scorm_runtime.core.sequenced_scos import RestingSco, describe_item
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.settings import RuntimeSettings


class PlayedScos:
    """Of one attempt, by item identifier."""

    def __init__(
        self,
        table: Table,
        contents: Contents,
        states: Mapping[str, Sco2004State],
        settings: RuntimeSettings,
        edition: int,
    ) -> None:
        self._table, self._contents, self._settings = table, contents, settings
        self._edition = edition
        self._states = dict(states)
        self._resting = {name: RestingSco(state) for name, state in states.items()}
        self._played: dict[str, Sco2004Run] = {}

    @property
    def all(self) -> Mapping[str, Sco]:
        """Those that were delivered at least once."""
        return {**self._resting, **self._played}

    def find(self, activity: Activity) -> Sco2004Run | None:
        """The activity's, ready for calls; None where it has nothing to play."""
        name = activity.identifier
        if name not in self._played:
            item = self._contents.find(name)
            if item is None:
                return None
            launch = describe_item(item, activity, self._edition)
            state = self._states.get(name, Sco2004State())
            self._played[name] = Sco2004Run(self._table, launch, state, self._settings)
        return self._played[name]

    def events(self) -> set[str]:
        """What has happened in them since."""
        return {event for sco in self._played.values() for event in sco.events}

    def interactions(self) -> tuple[Interaction, ...]:
        """Those written to since."""
        return tuple(one for sco in self._played.values() for one in sco.interactions())
