"""Which of a person's attempts at an item in one place the grade comes from.

Only packages have a setting for it here. Courses and quizzes settle it among themselves before
they report (content/), so what they say is what counts.
"""

from lti_app.core.grading import (
    Gradable,
    GradedAttempt,
    Standing,
    build_grade_value,
    count_attempts,
)
from lti_app.services.grade_rows import Entered
from scorm_runtime.core.outcome import Outcome


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
        value=build_grade_value(
            Standing(
                outcome.completion,
                outcome.success,
                outcome.score_scaled,
                outcome.score_raw,
                outcome.score_min,
                outcome.score_max,
            )
        ),
        is_pending_manual=False,
        occurred_at=outcome.occurred_at,
        revision=outcome.commit_number,
    )


def count(gradable: Gradable, entered: Entered) -> GradedAttempt:
    """The attempt that counts, this one among them; the grade is locked, so that two attempts at
    once see each other."""
    this = GradedAttempt(gradable.attempt_id, gradable.attempt_number, gradable.value)
    if gradable.item_type != "package":
        return this
    return count_attempts(entered.counting, [*entered.others, this])
