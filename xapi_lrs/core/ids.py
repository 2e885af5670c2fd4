"""Keys and order of what is stored.

`key_of`: 16 bytes instead of an IRI or an identifier of any length, so that an index stays narrow
and no 10 kB IRI breaks it. `sequence_of`: one number that orders the statements of a store by time.
"""

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from xapi_lrs.core.timestamps import from_milliseconds, to_milliseconds

TIE_BITS = 20
TIES = 1 << TIE_BITS
"""So many statements may carry the same millisecond."""

_SHORT = 500
"""Characters of an IRI or identity whose digest is worth keeping: a few MB at most."""

LARGEST = (1 << 63) - 1
"""Of a bigint."""


def key_of(kind: str, text: str) -> UUID:
    """128 bits of BLAKE2b over kind and text: 1 billion keys collide with a chance of 10^-21."""
    return UUID(hex=digest_of(kind, text))


def digest_of(kind: str, text: str) -> str:
    """The same as 32 hexadecimal digits, for the database; what is short is remembered."""
    return _known_digest(kind, text) if len(text) <= _SHORT else _digest(kind, text)


def _digest(kind: str, text: str) -> str:
    data = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


_known_digest = lru_cache(16_384)(_digest)


def sequence_of(stored: datetime, number: int) -> int:
    """Milliseconds of `stored`, then the low 20 bits of a running number. Fits a bigint until 2248.

    since, until, paging and order are all comparisons of this one number.
    """
    return (to_milliseconds(stored) << TIE_BITS) | (number & (TIES - 1))


def stored_of(sequence: int) -> datetime:
    return from_milliseconds(sequence >> TIE_BITS)


def first_sequence_at(instant: datetime) -> int:
    """The least sequence whose `stored` is not before `instant` (in whole ms)."""
    return min(max(to_milliseconds(instant) << TIE_BITS, 0), LARGEST)


def first_sequence_after(instant: datetime) -> int:
    """The least sequence whose `stored` is later than `instant` (in whole ms)."""
    return min(max((to_milliseconds(instant) + 1) << TIE_BITS, 0), LARGEST)


def whole_milliseconds(instant: datetime) -> datetime:
    return instant - timedelta(microseconds=instant.microsecond % 1000)
