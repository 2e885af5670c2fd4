"""Doing a transaction again when the database gave it up for another one's sake."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

GIVEN_UP = ("40001", "40P01")
"""serialization_failure and deadlock_detected: nothing was stored, the same again may succeed."""

_TIMES = 8
_PAUSE = 0.02
"""Seconds at most before the second time, twice as long before each further one. Those that stood
in each other's way would otherwise begin again together."""

Result = TypeVar("Result")


def again(run: Callable[[], Result]) -> Result:
    """What `run` returns; it opens and ends its own transaction, and is run up to eight times while
    the database gives it up."""
    for time_before in range(_TIMES - 1):
        try:
            return run()
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) not in GIVEN_UP:
                raise
        time.sleep(random.uniform(0, _PAUSE * 2**time_before))  # noqa: S311  no secret
    return run()
