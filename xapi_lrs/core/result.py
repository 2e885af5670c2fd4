"""Results and scores (xAPI 1.0.3 Data 2.4.5). XP-34, XP-35"""

from typing import Any

from xapi_lrs.core import rx
from xapi_lrs.core.checks import (
    check_boolean,
    check_extensions,
    check_number,
    check_object,
    check_string,
    present,
)
from xapi_lrs.core.problems import Problems

RESULT = frozenset(("score", "success", "completion", "response", "duration", "extensions"))
SCORE = frozenset(("scaled", "raw", "min", "max"))


def check_result(result: Any, path: str, problems: Problems) -> None:
    if not check_object(result, RESULT, path, problems, "a result"):
        return
    if present(result, "score", path, problems):
        check_score(result["score"], f"{path}.score", problems)
    check_boolean(result, "success", path, problems)
    check_boolean(result, "completion", path, problems)
    check_string(result, "response", path, problems)
    must = "must be an ISO 8601 duration such as PT1H2M3.45S"
    check_string(result, "duration", path, problems, check=rx.is_duration, must=must, rule="XP-34")
    check_extensions(result, path, problems)


def check_score(score: Any, path: str, problems: Problems) -> None:
    if not check_object(score, SCORE, path, problems, "a score"):
        return
    scaled, raw, low, high = (
        check_number(score, key, path, problems) for key in ("scaled", "raw", "min", "max")
    )
    if scaled is not None and not -1 <= scaled <= 1:
        problems(f"{path}.scaled", "XP-35", "must be from -1 to 1")
    if low is not None and high is not None and low >= high:
        problems(f"{path}.min", "XP-35", "must be less than max")
    if raw is not None:
        if low is not None and raw < low:
            problems(f"{path}.raw", "XP-35", "must not be less than min")
        if high is not None and raw > high:
            problems(f"{path}.raw", "XP-35", "must not be greater than max")
