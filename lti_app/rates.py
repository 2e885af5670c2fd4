"""How many requests: counted in Redis for all processes together, or in each where there is none.

A process takes a few tokens at a time and spends them without asking again, so a request as a rule
costs no round trip. When Redis does not answer, each process counts for itself for a while:
a limit that is too generous is better than a store that refuses everybody.

Our own instead of a package: rates differ by credential and are read with it, and the wait is
told exactly; it is one script of ten lines.
"""

import threading
import time
from collections.abc import Callable

import structlog
from redis import Redis
from redis.exceptions import RedisError

from xapi_lrs.core.rates import Rate
from xapi_lrs.services.rates import MemoryRates

log = structlog.get_logger(__name__)

_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1e6
local per_second, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(held[1] or burst), tonumber(held[2] or now)
tokens = math.min(burst, tokens + math.max(0, now - at) * per_second)
local given = math.min(wanted, math.floor(tokens))
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - given), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / per_second * 1000) + 1000)
return {given, tostring(tokens - given)}
"""
"""The arithmetic of xapi_lrs/core/rates.py `take`, for several tokens at once."""

_SHARE = 50
"""A process takes at most this part of a bucket at a time."""
_SPENT_WITHIN = 1.0
"""Seconds after which tokens taken in advance are forgotten."""
_PATIENCE = 0.2
_RETRY_AFTER = 10.0
_MOST_PURSES = 50_000


class SharedRates:
    """`xapi_lrs.services.rates.Rates` for all processes that use the same Redis."""

    def __init__(self, redis_url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE
        )
        self._script = self._redis.register_script(_TAKE)
        self._clock = clock
        self._alone = MemoryRates(clock)
        self._away_until = 0.0
        self._purses: dict[str, tuple[int, float]] = {}
        """Bucket to tokens taken in advance, and until when they may be spent."""
        self._lock = threading.Lock()

    def take(self, name: str, rate: Rate) -> float:
        """0 when there was a token, else seconds until there is one."""
        if rate.per_second <= 0 or self._spend(name):
            return 0.0
        return self._ask(name, rate, max(1, int(rate.burst / _SHARE)))

    def look(self, name: str, rate: Rate) -> float:
        """The same without taking it."""
        return 0.0 if rate.per_second <= 0 else self._ask(name, rate, 0)

    def _spend(self, name: str) -> bool:
        with self._lock:
            tokens, until = self._purses.get(name, (0, 0.0))
            if tokens <= 0 or self._clock() > until:
                return False
            self._purses[name] = (tokens - 1, until)
            return True

    def _ask(self, name: str, rate: Rate, wanted: int) -> float:
        now = self._clock()
        if now < self._away_until:
            return self._alone.take(name, rate) if wanted else self._alone.look(name, rate)
        try:
            arguments = [rate.per_second, rate.burst, wanted]
            given, left = self._script(keys=[f"lectern:rate:{name}"], args=arguments)
        except RedisError as error:
            self._away_until = now + _RETRY_AFTER
            log.warning("rates_not_shared", error=str(error))
            return self._alone.take(name, rate) if wanted else self._alone.look(name, rate)
        if given > 1:
            self._keep(name, int(given) - 1, now + _SPENT_WITHIN)
        enough = given >= 1 if wanted else float(left) >= 1
        return 0.0 if enough else (1 - float(left)) / rate.per_second

    def _keep(self, name: str, tokens: int, until: float) -> None:
        with self._lock:
            if len(self._purses) >= _MOST_PURSES:
                self._purses.clear()
            held, held_until = self._purses.get(name, (0, 0.0))
            if self._clock() <= held_until:  # another thread has asked at the same time
                tokens += held
            self._purses[name] = (tokens, until)
