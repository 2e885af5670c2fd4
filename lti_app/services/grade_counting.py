"""Which of a person's attempts at an item in one place the grade comes from.

Only packages have a setting for it here. Courses and quizzes settle it among themselves before
they report (content/), so what they say is what counts.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.core.grading import (
    Gradable,
    GradedAttempt,
    GradeValue,
    Standing,
    build_grade_value,
    count_attempts,
)
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.package_settings import read_package_settings
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package


def build_gradable(outcome: Outcome) -> Gradable:
    """What one attempt at a package is worth."""
    return Gradable(
        user_id=outcome.user_id,
        item_type="package",
        item_id=outcome.package_id,
        attempt_id=outcome.attempt_id,
        attempt_number=outcome.attempt_number,
        title=outcome.title,
        context_key=outcome.context_key,
        launch_ref=outcome.launch_ref,
        value=_value_of(outcome),
        is_pending_manual=False,
        occurred_at=outcome.occurred_at,
        revision=outcome.commit_number,
    )


def count(session: Session, gradable: Gradable) -> GradedAttempt:
    """The attempt that counts, this one among them; call it with the grade's row locked, so that
    two attempts at once see each other."""
    this = GradedAttempt(gradable.attempt_id, gradable.attempt_number, gradable.value)
    if gradable.item_type != "package":
        return this
    package = session.get(Package, gradable.item_id)
    counting = read_package_settings(package.settings if package else None).counting_attempt
    others = session.scalars(
        select(Attempt).where(
            Attempt.user_id == gradable.user_id,
            Attempt.package_id == gradable.item_id,
            Attempt.context_key == gradable.context_key,
            Attempt.id != gradable.attempt_id,
            Attempt.mode == "normal",
            Attempt.state != "new",
        )
    )
    graded = [GradedAttempt(row.id, row.number, _value_of(row)) for row in others]
    return count_attempts(counting, [*graded, this])


def _value_of(source: Outcome | Attempt) -> GradeValue:
    return build_grade_value(
        Standing(
            source.completion,
            source.success,
            source.score_scaled,
            source.score_raw,
            source.score_min,
            source.score_max,
        )
    )
