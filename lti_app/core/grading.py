"""From an attempt's outcome to a grade: a pure function of where the attempt stands (PAIN-05).

The policy, until packages get policies of their own:

- Final means completed, passed or failed. Only a final grade is sent (LTI-SP-2, MOODLE-8: a
  score that is not final erases the grade at Moodle).
- The score is the one reported, scaled to 0..1; below zero counts as zero.
- Without a score, completion (or passed) is worth full marks, failed is worth none.
- A final grade gives way only to another final one: a new attempt that is still running, or
  content that sets its status back to incomplete on a revisit, takes nothing away. Of several
  final attempts the latest counts.
"""

from dataclasses import dataclass

from scorm_runtime.core.outcome import scale_score


@dataclass(frozen=True)
class Standing:
    """What counts of an outcome; scores as SCORM defines them."""

    completion: str
    success: str
    score_scaled: float | None = None
    score_raw: float | None = None
    score_min: float | None = None
    score_max: float | None = None


@dataclass(frozen=True)
class GradeValue:
    """What a grade says."""

    is_final: bool
    score: float | None
    """0..1; None while nothing counts."""
    completion: str
    success: str


def build_grade_value(standing: Standing) -> GradeValue:
    """The grade that a standing is worth."""
    is_final = standing.completion == "completed" or standing.success in ("passed", "failed")
    score = _reported(standing)
    if score is None and is_final:
        score = 0.0 if standing.success == "failed" else 1.0
    return GradeValue(is_final, score, standing.completion, standing.success)


def replaces(new: GradeValue, old: GradeValue | None) -> bool:
    """Whether `new` becomes the current grade: something changed, and nothing final is lost."""
    if old is None:
        return True
    if old.is_final and not new.is_final:
        return False
    return new != old


def write_comment(title: str, made: GradeValue, attempt_number: int) -> str:
    """One line for the platform's gradebook; in English, since no reader is known there."""
    said = {"passed": "passed", "failed": "failed"}.get(made.success, made.completion)
    score = f", {made.score:.0%}" if made.score is not None else ""
    return f"{title}: {said}{score} (attempt {attempt_number})"


def _reported(standing: Standing) -> float | None:
    scaled = standing.score_scaled
    if scaled is None:
        scaled = scale_score(standing.score_raw, standing.score_min, standing.score_max)
    return None if scaled is None else round(min(1.0, max(0.0, scaled)), 6)
