"""Keys and order of what is stored.

`key_of`: 16 bytes instead of an IRI or an identifier of any length, so that an index stays narrow
and no 10 kB IRI breaks it. `sequence_of`: one number that orders the statements of a store by time.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from xapi_lrs.core.timestamps import from_milliseconds, to_milliseconds

TIE_BITS = 20
TIES = 1 << TIE_BITS
"""So many statements may carry the same millisecond."""

LARGEST = (1 << 63) - 1
"""Of a bigint."""


def key_of(kind: str, text: str) -> UUID:
    """128 bits of BLAKE2b over kind and text: 1 billion keys collide with a chance of 10^-21."""
    data = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
    return UUID(bytes=hashlib.blake2b(data, digest_size=16).digest())


def sequence_of(stored: datetime, number: int) -> int:
    """Milliseconds of `stored`, then the low 20 bits of a running number. Fits a bigint until 2248.

    since, until, paging and order are all comparisons of this one number.
    """
    return (to_milliseconds(stored) << TIE_BITS) | (number & (TIES - 1))


def stored_of(sequence: int) -> datetime:
    return from_milliseconds(sequence >> TIE_BITS)


def first_sequence_after(instant: datetime) -> int:
    """The least sequence whose `stored` is later than `instant` (in whole ms)."""
    return min(max((to_milliseconds(instant) + 1) << TIE_BITS, 0), LARGEST)


def whole_milliseconds(instant: datetime) -> datetime:
    return instant - timedelta(microseconds=instant.microsecond % 1000)
