"""How often is too often: a token bucket, as arithmetic on values.

A bucket holds up to `burst` tokens and gains `per_second` of them; a request takes one. Who finds
it empty is told how long until there is one again.
"""

import math
from dataclasses import dataclass

from xapi_lrs.core.errors import LrsError


class TooManyRequests(LrsError):
    """More requests than this credential or address may send; nothing was done (RFC 6585 4)."""

    status_hint = 429
    code = "too_many_requests"

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.headers = {"Retry-After": str(max(1, math.ceil(wait)))}


class HeadersTooLarge(LrsError):
    """The header fields together are larger than this server reads (RFC 6585 5)."""

    status_hint = 431
    code = "headers_too_large"


class AddressTooLong(LrsError):
    """Path and query are longer than this server reads (RFC 9110 15.5.15)."""

    status_hint = 414
    code = "address_too_long"


@dataclass(frozen=True, slots=True)
class Rate:
    per_second: float
    """Tokens gained; 0: without limit."""
    burst: float
    """Tokens of a full bucket, at least 1."""


@dataclass(frozen=True, slots=True)
class Bucket:
    tokens: float
    at: float
    """Seconds of a clock that only goes forward."""


def take(bucket: Bucket | None, rate: Rate, now: float) -> tuple[Bucket, float]:
    """The bucket after one token was wanted, and 0 when it was there, else seconds until it is.

    None is a bucket that nobody has used: full.
    """
    if bucket is None:
        tokens = rate.burst
    else:
        gained = max(0.0, now - bucket.at) * rate.per_second
        tokens = min(rate.burst, bucket.tokens + gained)
    if tokens >= 1:
        return Bucket(tokens - 1, now), 0.0
    return Bucket(tokens, now), (1 - tokens) / rate.per_second
