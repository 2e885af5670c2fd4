"""Counting requests: who has sent too many. In this process; the host may share it between several.

A host with several processes gives the record store another `Rates` (Lectern: lti_app/rates.py).
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from xapi_lrs.core.rates import Bucket, Rate, take

_MOST_BUCKETS = 50_000


class Rates(Protocol):
    def take(self, name: str, rate: Rate) -> float:
        """Take one token of the bucket `name`: 0 when there was one, else seconds to wait."""

    def look(self, name: str, rate: Rate) -> float:
        """The same without taking it."""


class MemoryRates:
    """Buckets of this process; when there are too many, those unused for longest are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, name: str, rate: Rate) -> float:
        if rate.per_second <= 0:
            return 0.0
        with self._lock:
            bucket, wait = take(self._buckets.get(name), rate, self._clock())
            self._buckets[name] = bucket
            if len(self._buckets) > _MOST_BUCKETS:
                self._forget()
        return wait

    def look(self, name: str, rate: Rate) -> float:
        if rate.per_second <= 0:
            return 0.0
        return take(self._buckets.get(name), rate, self._clock())[1]

    def _forget(self) -> None:
        """They have had the most time to fill up, and a full bucket says as much as none."""
        oldest = sorted(self._buckets, key=lambda name: self._buckets[name].at)
        for name in oldest[: _MOST_BUCKETS // 2]:
            del self._buckets[name]
