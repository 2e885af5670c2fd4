"""Why a quiz said no; `status_hint` is what a page or an API answers."""

from content.core.errors import ContentError


class QuizMissing(ContentError, LookupError):
    """There is no such quiz, question, bank or attempt, or not for this person."""

    status_hint = 404


class _Told(ContentError):
    """A message with its values apart, so that pages can say it in other languages."""

    def __init__(self, message: str, **values: object) -> None:
        self.message, self.values = message, values
        super().__init__(message % values if values else message)


class QuizInvalid(_Told, ValueError):
    """What was entered is no quiz; the message says what to mend."""

    status_hint = 422


class QuizDraftChanged(_Told):
    """Somebody saved the draft since it was read."""

    status_hint = 409


class QuizNotOpen(ContentError):
    """Nothing may begin now; `reason` is one of `policy.Refusal` or "not_published"."""

    status_hint = 409

    def __init__(self, reason: str) -> None:
        super().__init__(f"No attempt can begin: {reason.replace('_', ' ')}.")
        self.reason = reason


class QuizAttemptOver(ContentError):
    """The attempt is submitted, or its time is over: nothing more is taken."""

    status_hint = 409
