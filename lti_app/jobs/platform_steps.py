"""How a step of longer work with a platform ends when it does not end well."""

from lti_app.core.ags import Answer, Verdict
from lti_app.core.platforms.families import get_family, judge


class BrokenOff(Exception):
    """The platform did not answer as it should; the job goes on later where it is."""

    def __init__(self, reason: str, answer: Answer) -> None:
        super().__init__(reason)
        self.reason = reason
        self.answer = answer


class Hopeless(Exception):
    """Trying again would not mend it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def raise_for(family: str, answer: Answer, refused: str) -> None:
    """Raise what a bad answer means for a job; `refused` is the reason where the platform clearly
    said no."""
    verdict, reason = judge(get_family(family), answer)
    if verdict is Verdict.REFUSED or (answer.status == 401 and not answer.at_token):
        kept = ("scope_missing", "scope_result", "answer_odd", "host_foreign", "line_item_gone")
        raise Hopeless(reason if reason in kept else refused)
    raise BrokenOff(reason or "answer_odd", answer)
