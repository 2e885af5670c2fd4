"""JSON from outside, read so that whatever is kept of it can be written as JSON again."""

from __future__ import annotations

import json
import math
from typing import Any


def parse_json(text: str | bytes) -> Any:
    """The value; NaN, Infinity and numbers too large become text, so that a rule can refuse them
    by name. Raises ValueError for what is not JSON, too deep, or no Unicode."""
    try:
        value = json.loads(text, parse_constant=str, parse_float=_finite)
        json.dumps(value, ensure_ascii=False).encode()  # fails for half a surrogate pair
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def _finite(text: str) -> float | str:
    found = float(text)
    return found if math.isfinite(found) else text
