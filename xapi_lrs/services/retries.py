"""Doing a transaction again when the database gave it up for another one's sake."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

GIVEN_UP = ("40001", "40P01")
"""serialization_failure and deadlock_detected: nothing was stored, the same again may succeed."""

_TIMES = 4

Result = TypeVar("Result")


def again(run: Callable[[], Result]) -> Result:
    """What `run` returns; it opens and ends its own transaction, and is run up to four times while
    the database gives it up."""
    for _ in range(_TIMES - 1):
        try:
            return run()
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) not in GIVEN_UP:
                raise
    return run()
