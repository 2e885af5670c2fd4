"""How closely an attempt follows the letter: named switches, lenient by default (SD-06)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class RuntimeSettings:
    """Each is a place where the standard and real content disagree."""

    strict: bool = False
    """Refuse values that exceed the standard's limits (PAIN-08)."""
    keep_without_suspend: bool = True
    """SCORM 1.2: keep a SCO's data although it did not ask for it by cmi.core.exit = "suspend"."""
    complete_at_finish: bool = True
    """LMSFinish completes a SCO that never set a status (RTE 1.2 3.4.3.1)."""
    mastery_override: bool = True
    """The manifest's mastery score decides passed or failed (RTE 1.2 3.4.3.1)."""
    suspend_data_limit: int = 1_048_576
    """Characters of suspend_data that are taken unless `strict`."""


def read_settings(data: Mapping[str, Any]) -> RuntimeSettings:
    """Settings out of JSON; unknown names are ignored, missing ones take their default."""
    known = {
        name: type(default)(data[name])
        for name, default in asdict(RuntimeSettings()).items()
        if isinstance(data.get(name), bool | int)
    }
    return RuntimeSettings(**known)
