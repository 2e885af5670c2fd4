"""What a SCORM outcome says in xAPI: ADL's Experience API SCORM Profile as tables.

Source: ADL xAPI SCORM Profile 3.2 (verbs, activity types, context activities) and 6.0; interaction
patterns: xAPI 1.0.3 Data, appendix C, from SCORM 1.2 RTE 3.4.4. Differences, on purpose: an outcome
is that of a whole attempt, so the object of every statement is the package (type course), which
also stands in `grouping` beside the attempt; the attempt's UUID is `context.registration`.
"""

from uuid import UUID, uuid5

PROFILE = "https://w3id.org/xapi/scorm"
"""Category of each statement."""

_ADL = "http://adlnet.gov/expapi/"
VERBS = {
    name: f"{_ADL}verbs/{name}"
    for name in (
        "initialized",
        "resumed",
        "suspended",
        "terminated",
        "completed",
        "passed",
        "failed",
        "scored",
        "responded",
    )
}
COURSE = _ADL + "activities/course"
ATTEMPT = _ADL + "activities/attempt"
INTERACTION = _ADL + "activities/cmi.interaction"
PROFILE_TYPE = _ADL + "activities/profile"

WITH_SCORE = frozenset({"passed", "failed", "scored", "completed"})
WITH_DURATION = frozenset({"suspended", "terminated", "completed", "passed", "failed"})
"""Verbs whose statement carries the score, or the time of all sessions so far."""

INTERACTION_TYPES = frozenset(
    {
        "true-false",
        "choice",
        "fill-in",
        "long-fill-in",
        "matching",
        "performance",
        "sequencing",
        "likert",
        "numeric",
        "other",
    }
)
_LISTS = frozenset({"choice", "sequencing"})
_TRUTH = {"t": "true", "1": "true", "true": "true", "f": "false", "0": "false", "false": "false"}
SUCCESS = {"correct": True, "wrong": False, "incorrect": False}
"""cmi.interactions.n.result to `result.success`; other results say nothing of success."""


def statement_id(registration: UUID, writer: int, commit_number: int, what: str) -> UUID:
    """The id of a statement: the same commit always makes the same one, so a repeat is a no-op."""
    return uuid5(registration, f"{writer}/{commit_number}/{what}")


def write_response(kind: str, response: str) -> str:
    """A learner response or pattern as xAPI writes it; SCORM 2004's spelling passes through."""
    if "[,]" in response or "[.]" in response or not response:
        return response
    if kind == "true-false":
        return _TRUTH.get(response.strip().lower(), response)
    if kind in _LISTS:
        return "[,]".join(part.strip() for part in response.strip("{}").split(","))
    if kind == "matching":
        pairs = (part.strip().partition(".") for part in response.strip("{}").split(","))
        return "[,]".join(f"{left}[.]{right}" if dot else left for left, dot, right in pairs)
    return response


def read_score(
    scaled: float | None, raw: float | None, low: float | None, high: float | None
) -> dict[str, float]:
    """`result.score` with only what xAPI allows: scaled in -1..1, raw between min and max."""
    score: dict[str, float] = {}
    if scaled is not None:
        score["scaled"] = min(1.0, max(-1.0, scaled))
    if low is not None and high is not None and low >= high:
        low = high = None
    bounds = (low is None or raw is None or low <= raw) and (
        high is None or raw is None or raw <= high
    )
    if bounds:
        given = {"raw": raw, "min": low, "max": high}
        score.update({name: value for name, value in given.items() if value is not None})
    return score
