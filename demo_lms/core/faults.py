"""How the platform can be made to misbehave, so that a tool's patience can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

MODES = {
    # mode: seconds when none are given
    "ok": 0.0,
    "http_500": 0.0,
    "http_429": 5.0,  # Retry-After
    "timeout": 15.0,
    "refuse": 0.0,
    "record_then_hang": 15.0,
}

ENDPOINTS = ("scores", "token")
LONGEST = 300.0


class FaultInvalid(ValueError):
    """A fault that cannot be set; the message names the field."""


@dataclass(frozen=True)
class Fault:
    """The present misbehaviour. `times` None means until it is changed."""

    mode: str = "ok"
    seconds: float = 0.0
    times: int | None = None  # faulty answers still to come; 0 = it is ok again
    endpoints: tuple[str, ...] = ("scores",)

    def applies_to(self, endpoint: str) -> bool:
        return self.mode != "ok" and endpoint in self.endpoints

    def used(self) -> Fault:
        """What is left after one faulty answer."""
        if self.times is None:
            return self
        return replace(self, times=self.times - 1) if self.times > 1 else Fault()

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"endpoints": list(self.endpoints)}


def parse_fault(body: object) -> Fault:
    """{mode, seconds?, times?, endpoints?} of the faults page or a test; raises FaultInvalid."""
    if not isinstance(body, Mapping):
        raise FaultInvalid("The fault must be a JSON object with a mode.")
    mode = body.get("mode")
    if mode not in MODES:
        raise FaultInvalid(f"mode must be one of {', '.join(MODES)}.")
    endpoints = body.get("endpoints", ["scores"])
    if not isinstance(endpoints, list) or not set(endpoints) <= set(ENDPOINTS) or not endpoints:
        raise FaultInvalid(f"endpoints must be a list of {' and '.join(ENDPOINTS)}.")
    seconds = _number(body.get("seconds"), "seconds")
    times = _number(body.get("times"), "times")
    if mode == "ok":
        return Fault()
    return Fault(
        mode=mode,
        seconds=min(MODES[mode] if seconds is None else seconds, LONGEST),
        times=None if times is None or times == 0 else int(times),
        endpoints=tuple(name for name in ENDPOINTS if name in endpoints),
    )


def _number(value: object, name: str) -> float | None:
    if value in (None, ""):
        return None
    try:
        found = float(str(value))
    except ValueError as error:
        raise FaultInvalid(f"{name} must be a number.") from error
    if not 0 <= found < 1_000_000:
        raise FaultInvalid(f"{name} must not be negative.")
    return found
