"""Assignment and Grade Services: URLs, the score, its timestamp, and what an answer means.

Source: AGS 2.0; rules LTI-AGS-*, LTI-SP-*; what platforms really do: moodle.md 6, CANVAS-*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit, urlunsplit

from lti_app.core.notices import N_

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE_SCOPE = SCOPE + "score"
LINE_ITEM_SCOPE = SCOPE + "lineitem"
LINE_ITEM_READ_SCOPE = SCOPE + "lineitem.readonly"
RESULT_SCOPE = SCOPE + "result.readonly"
SCOPES = frozenset({SCORE_SCOPE, LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE, RESULT_SCOPE})

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEM_LIST_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULT_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
DEFAULT_MAXIMUM = 100.0
"""Used when the line item's own maximum cannot be read; the platform scales (LTI-SP-5)."""

RETRY_FOR = timedelta(hours=48)
_PAUSES: tuple[float, ...] = (5, 15, 60, 180, 600, 1800, 3600)
"""Seconds before the next try; the last one repeats until RETRY_FOR is over (LTI-SP-7)."""
MERGE_PAUSE = timedelta(seconds=2)
"""Least time between two scores of one person (LTI-SP-3)."""
ANSWER_LIMIT = 1000
"""Characters of an answer that the ledger keeps."""


class Verdict(Enum):
    """What an answer means for the sending."""

    SENT = "sent"
    RETRY = "retry"
    """Not recorded, worth another try."""
    UNKNOWN = "unknown"
    """No clear answer: it may have been recorded."""
    CONFLICT = "conflict"
    """The platform holds a score with this timestamp or a later one."""
    REFUSED = "refused"
    """Will not be taken, now or later."""


@dataclass(frozen=True)
class Answer:
    """What came back from one request; `status` None: nothing did."""

    status: int | None
    body: str = ""
    phrase: str = ""
    """The HTTP reason phrase: Moodle puts the reason there (moodle.md 6)."""
    failure: str = ""
    """Without status: "timeout" or "unreachable"."""
    at_token: bool = False
    """The token endpoint answered, so the score was never posted."""
    retry_after: float | None = None
    """Seconds that the platform asked us to wait."""
    duration_ms: int = 0

    @property
    def excerpt(self) -> str:
        """The beginning of what was said, for the ledger."""
        said = " ".join(part for part in (self.phrase, self.body) if part) or self.failure
        return said.replace("\x00", "")[:ANSWER_LIMIT]


REASONS = {
    "": N_("Taken."),
    "no_answer": N_("The platform did not answer in time."),
    "unreachable": N_("The platform could not be reached."),
    "failed_here": N_("Sending failed on our side; the worker's log has the details."),
    "server_error": N_("The platform reported an error of its own."),
    "rate_limited": N_("The platform asked us to slow down."),
    "token_refused": N_(
        "The platform did not give us an access token: check the registration and our key set."
    ),
    "token_odd": N_("The platform's answer to our token request could not be read."),
    "unauthorized": N_("The platform does not accept our access token."),
    "forbidden": N_("The platform does not let us write to this line item."),
    "scope_missing": N_("The platform has not granted us the scope for scores."),
    "line_item_gone": N_(
        "The line item is no longer there: the activity was deleted, or grades were switched off."
    ),
    "line_item_missing": N_("The activity has no line item at the platform."),
    "not_gradable": N_("The platform does not grade this person in this course."),
    "score_rejected": N_("The platform rejected the score."),
    "newer_score": N_("The platform holds a newer score."),
    "superseded": N_("A newer grade replaced this one before it was sent."),
    "gave_up": N_("Not delivered within 48 hours."),
    "interrupted": N_("The sender stopped before the answer was recorded; sent again."),
    "platform_disabled": N_("The registration of this platform is switched off."),
    "locked": N_("The platform could not record the score: its grade item is probably locked."),
    "no_attempts_left": N_("The platform allows this person no further attempt."),
    "above_maximum": N_("The platform takes no score above the maximum of this activity."),
    "changed_there": N_("Somebody changed the grade at the platform, so ours is not sent."),
    "missing_there": N_("The platform no longer holds the grade that we sent."),
    "theirs_kept": N_("The grade given at the platform was chosen to stand."),
    "line_item_refused": N_("The platform did not let us make a line item."),
    "line_item_not_made": N_("The activity has no line item, and none is made for this platform."),
    "scope_line_item": N_("The platform has not granted us the scope for line items."),
    "scope_result": N_("The platform has not granted us the scope for results."),
    "answer_odd": N_("The platform's answer could not be read."),
    "host_foreign": N_("The address is not on a host that belongs to this platform."),
    "no_roster": N_("The platform has not told us where its roster is."),
    "roster_refused": N_("The platform did not give us its roster."),
    "too_many_pages": N_("The roster had more pages than we read at once."),
}
"""Reason codes of the ledger in words; views translate them."""

_STATUSES: dict[int, tuple[Verdict, str]] = {
    400: (Verdict.REFUSED, "score_rejected"),
    401: (Verdict.RETRY, "unauthorized"),
    403: (Verdict.REFUSED, "forbidden"),
    404: (Verdict.REFUSED, "line_item_gone"),
    405: (Verdict.REFUSED, "score_rejected"),
    408: (Verdict.RETRY, "no_answer"),
    409: (Verdict.CONFLICT, "newer_score"),
    410: (Verdict.REFUSED, "line_item_gone"),
    412: (Verdict.REFUSED, "score_rejected"),
    413: (Verdict.REFUSED, "score_rejected"),
    415: (Verdict.REFUSED, "score_rejected"),
    422: (Verdict.REFUSED, "not_gradable"),
    425: (Verdict.RETRY, "rate_limited"),
    429: (Verdict.RETRY, "rate_limited"),
}
"""HTTP status of a score POST to what it means (LTI-SP-7, LTI-SP-8); families refine it."""

_FAILURES = {
    "timeout": (Verdict.UNKNOWN, "no_answer"),
    "broken": (Verdict.UNKNOWN, "no_answer"),
    "failed_here": (Verdict.UNKNOWN, "failed_here"),
    "unreachable": (Verdict.RETRY, "unreachable"),
    "token_odd": (Verdict.RETRY, "token_odd"),
    "scope_missing": (Verdict.REFUSED, "scope_missing"),
    "scope_result": (Verdict.REFUSED, "scope_result"),
    "answer_odd": (Verdict.REFUSED, "answer_odd"),
    "host_foreign": (Verdict.REFUSED, "host_foreign"),
}


def classify(
    answer: Answer, refine: Mapping[int, tuple[Verdict, str]] | None = None
) -> tuple[Verdict, str]:
    """(verdict, reason code) of an answer; `refine` is the family's own table."""
    if answer.status is None:
        verdict, reason = _FAILURES.get(answer.failure, (Verdict.UNKNOWN, "no_answer"))
        never_posted = answer.at_token and verdict is Verdict.UNKNOWN
        return (Verdict.RETRY, reason) if never_posted else (verdict, reason)
    if answer.at_token:
        return _classify_token(answer.status)
    if refine and answer.status in refine:
        return refine[answer.status]
    if 200 <= answer.status < 300:
        # A page for people where a service was asked: maintenance, or a proxy's own words.
        return (Verdict.UNKNOWN, "answer_odd") if _is_page(answer.body) else (Verdict.SENT, "")
    if answer.status < 400:
        return Verdict.RETRY, "answer_odd"  # sent elsewhere, so not recorded
    if answer.status in _STATUSES:
        return _STATUSES[answer.status]
    if answer.status >= 500:
        return Verdict.UNKNOWN, "server_error"
    return Verdict.REFUSED, "score_rejected"


def _is_page(body: str) -> bool:
    return body.lstrip()[:14].lower().startswith(("<!doctype html", "<html"))


def _classify_token(status: int) -> tuple[Verdict, str]:
    if status == 429:
        return Verdict.RETRY, "rate_limited"
    if status >= 500:
        return Verdict.RETRY, "server_error"
    return Verdict.RETRY, "token_refused"  # an administrator can mend it within RETRY_FOR


def scores_url(line_item_url: str) -> str:
    """`/scores` goes into the path, before the query (LTI-AGS-6, MOODLE-3)."""
    return _with_ending(line_item_url, "scores")


def results_url(line_item_url: str) -> str:
    """`/results`, likewise (LTI-AGS-7)."""
    return _with_ending(line_item_url, "results")


def _with_ending(url: str, ending: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{ending}"))


def next_timestamp(now: datetime, last: datetime | None) -> datetime:
    """A score's timestamp: now, but at least one whole second after `last` (LTI-AGS-9).

    Moodle compares whole seconds and ignores fractions (MOODLE-6).
    """
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    if last is None:
        return now
    earliest = last.replace(microsecond=0) + timedelta(seconds=1)
    return max(now, earliest)


def write_timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and Z, which every platform reads (LTI-AGS-8)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def scale(score: float, maximum: float) -> float:
    """A score of 0 to 1 on the line item's own scale, without floating-point dust."""
    return round(score * maximum, 4)


def pause(tries: int, jitter: float, retry_after: float | None = None) -> timedelta:
    """How long to wait after the `tries`-th failure; `jitter` is random, 0 to 1 (LTI-SP-7)."""
    base = _PAUSES[min(max(tries, 1), len(_PAUSES)) - 1]
    seconds = base * (0.75 + 0.5 * jitter)
    if retry_after is not None:
        seconds = max(seconds, min(retry_after, 3600))
    return timedelta(seconds=seconds)
