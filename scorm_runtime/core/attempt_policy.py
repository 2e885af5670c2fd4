"""When a launch goes on with an attempt, and when a learner may begin another one."""

from dataclasses import dataclass
from typing import Literal

from scorm_runtime.core.package_settings import PackageSettings

Obstacle = Literal["", "unfinished", "used_up"]
"""Why no other attempt may begin: this one is not finished; all allowed ones were made."""


@dataclass(frozen=True)
class AttemptFacts:
    """What the policy asks of the learner's newest attempt in a place."""

    number: int
    is_finished: bool
    """Completed, passed or failed."""
    is_running: bool
    """A communication session is open."""


def begins_another(settings: PackageSettings, newest: AttemptFacts) -> bool:
    """Whether a launch begins another attempt by the package's policy alone (a newer version is
    asked about in `services/versions.py`)."""
    if settings.attempt_policy != "new_when_finished" or newest.is_running:
        return False
    return newest.is_finished and not is_used_up(settings, newest)


def find_obstacle(settings: PackageSettings, newest: AttemptFacts) -> Obstacle:
    """Why the learner may not start again; "" when nothing is in the way."""
    if not newest.is_finished:
        return "unfinished"
    return "used_up" if is_used_up(settings, newest) else ""


def is_used_up(settings: PackageSettings, newest: AttemptFacts) -> bool:
    return settings.max_attempts > 0 and newest.number >= settings.max_attempts
