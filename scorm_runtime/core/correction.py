"""A teacher's correction of an attempt's result: what it says stands above what content reports.

The rule: a part that was corrected (completion, success, score) keeps the teacher's value, whatever
the learner does later, until the correction is lifted or the attempt is started over; a part that
was not corrected goes on following the content. What the content reports is kept beneath, so that
lifting a correction brings back the result that would be there without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from scorm_runtime.core.outcome import Completion, Score, Standing, Success

COMPLETIONS: tuple[Completion, ...] = ("completed", "incomplete")
SUCCESSES: tuple[Success, ...] = get_args(Success)
LONGEST_REASON = 2000


class CorrectionInvalid(ValueError):
    """It says nothing, or something impossible; `field` names what to mend."""

    status_hint = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Correction:
    """What somebody decided; None: as the content reports it."""

    completion: Completion | None = None
    success: Success | None = None
    score: float | None = None
    """Scaled, 0 to 1."""

    def to_json(self) -> dict[str, Any]:
        """As `attempt.correction` keeps it; {} when nothing is corrected."""
        parts = {"completion": self.completion, "success": self.success, "score": self.score}
        return {name: value for name, value in parts.items() if value is not None}


def read_correction(data: Mapping[str, Any] | None) -> Correction:
    """Read it back; None or {}: nothing is corrected."""
    return Correction(**(data or {}))


def validate_correction(correction: Correction) -> Correction:
    """The correction, or CorrectionInvalid."""
    if not correction.to_json():
        raise CorrectionInvalid("completion", "Change at least one of the three values.")
    if correction.completion not in (None, *COMPLETIONS):
        raise CorrectionInvalid("completion", "Completion is completed or incomplete.")
    if correction.success not in (None, *SUCCESSES):
        raise CorrectionInvalid("success", "Success is passed, failed or unknown.")
    if correction.score is not None and not 0 <= correction.score <= 1:
        raise CorrectionInvalid("score", "The score is a number from 0 to 100.")
    return correction


def validate_reason(reason: str) -> str:
    """The reason without spaces around it, or CorrectionInvalid: nobody corrects without one."""
    stripped = reason.strip()
    if not stripped:
        raise CorrectionInvalid("reason", "Say why: the reason is kept with the change.")
    if len(stripped) > LONGEST_REASON:
        raise CorrectionInvalid("reason", f"At most {LONGEST_REASON} characters.")
    return stripped


def correct(standing: Standing, correction: Correction) -> Standing:
    """`standing` with the parts that were corrected."""
    found = standing
    if correction.completion is not None:
        found = replace(found, completion=correction.completion)
    if correction.success is not None:
        found = replace(found, success=correction.success)
    if correction.score is not None:
        points = round(correction.score * 100, 4)
        found = replace(found, score=Score(points, 0.0, 100.0, correction.score))
    return found
