"""Why a quiz said no; `status_hint` is what a page or an API answers."""

from content.core.errors import ContentError


class QuizMissing(ContentError, LookupError):
    """There is no such quiz, question, bank or attempt, or not for this person."""

    status_hint = 404


class QuizInvalid(ContentError, ValueError):
    """What was entered is no quiz; the message says what to mend."""

    status_hint = 422


class QuizDraftChanged(ContentError):
    """Somebody saved the draft since it was read."""

    status_hint = 409


class QuizNotOpen(ContentError):
    """Nothing may begin now; `reason` is one of `policy.Refusal` or "not_published"."""

    status_hint = 409

    def __init__(self, reason: str) -> None:
        super().__init__("No attempt can begin: %(reason)s.", reason=reason.replace("_", " "))
        self.reason = reason


class QuizAttemptOver(ContentError):
    """The attempt is submitted, or its time is over: nothing more is taken."""

    status_hint = 409
