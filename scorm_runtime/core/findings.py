"""What a reader of packages noticed: told to the person who imports, before learners meet it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How much it matters."""

    ERROR = "error"
    """The package cannot be imported because of this."""
    REPAIRED = "repaired"
    """Wrong in the package, put right while reading."""
    WARNING = "warning"
    """Learners may notice."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True)
class Finding:
    """One line of the import report."""

    level: Level
    code: str
    """Stable name of what was found; texts in other languages hang on it."""
    message: str
    """What is the case, naming the file or element."""
    meaning: str = ""
    """What learners will notice; empty when nothing."""
    done: str = ""
    """What was done about it while reading; empty when nothing."""
    element: str = ""
    """The manifest's element or the zip's member it is about."""
    line: int | None = None
    """Line in the manifest, from 1."""

    def as_json(self) -> dict[str, Any]:
        """As kept in `package_version.report`."""
        return asdict(self) | {"level": str(self.level)}
