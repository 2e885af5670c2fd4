"""The learner's recorded answers out of a SCO's data model, of either standard."""

import re

from scorm_runtime.core.cmi.model import DataModel
from scorm_runtime.core.cmi.scalars import parse_decimal
from scorm_runtime.core.cmi.timespan import parse_timespan
from scorm_runtime.core.outcome import Interaction

COLLECTION = "cmi.interactions"
_LANG = re.compile(r"\{lang=[^}]*\}")


def find_index(name: str) -> int | None:
    """The interaction that an accepted element belongs to, None for other elements."""
    return int(name.split(".")[2]) if name.startswith(f"{COLLECTION}.") else None


def read_interaction(model: DataModel, index: int, sco: str) -> Interaction:
    """Interaction `index` as the content of item `sco` reported it."""
    prefix = f"{COLLECTION}.{index}"

    def text(*names: str) -> str:
        found = (model.values.get(f"{prefix}.{name}") for name in names)
        return next((value for value in found if value is not None), "")

    patterns = range(model.count(f"{prefix}.correct_responses"))
    return Interaction(
        index=index,
        id=text("id"),
        type=text("type"),
        description=_LANG.sub("", text("description"), count=1),
        learner_response=text("learner_response", "student_response"),
        correct_responses=tuple(text(f"correct_responses.{n}.pattern") for n in patterns),
        result=text("result"),
        weighting=parse_decimal(text("weighting")),
        latency_seconds=parse_timespan(text("latency")),
        timestamp=text("timestamp", "time"),
        sco=sco,
    )
