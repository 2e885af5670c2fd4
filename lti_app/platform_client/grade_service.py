"""Scores and line items at a platform (AGS 2.0), through PyLTI1p3's service class.

Never raises for what a platform does: every request ends in an `Answer`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import requests
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.grade import Grade

from lti_app.core import ags
from lti_app.core.ags import Answer
from lti_app.platform_client.connector import Connector, PlatformAccess, TokenFailed


@dataclass(frozen=True)
class Score:
    """One score as it goes over the wire; only final ones exist here (LTI-SP-5, MOODLE-8)."""

    line_item_url: str
    subject: str
    score_given: float
    score_maximum: float
    timestamp: str
    comment: str


class GradeService(AssignmentsGradesService):
    """The library's, with its URL building replaced: it loses what follows a second "?"."""

    @staticmethod
    def _add_url_path_ending(url: str, url_path_ending: str) -> str:
        return ags.scores_url(url) if url_path_ending == "scores" else ags.results_url(url)


def send_score(access: PlatformAccess, score: Score, granted: Sequence[str]) -> Answer:
    """POST one score; `granted` are the scopes of the launch (LTI-OA-7)."""
    grade = (
        Grade()
        .set_score_given(score.score_given)
        .set_score_maximum(score.score_maximum)
        .set_activity_progress("Completed")
        .set_grading_progress("FullyGraded")
        .set_timestamp(score.timestamp)
        .set_user_id(score.subject)
        .set_comment(score.comment)
    )
    connector = Connector(access)
    service = _build_service(connector, score.line_item_url, granted)
    if not service.can_put_grade():
        return Answer(None, failure="scope_missing", body="the launch granted no score scope")
    return _answer(connector, lambda: service.put_grade(grade))


def read_maximum(
    access: PlatformAccess, line_item_url: str, granted: Sequence[str]
) -> tuple[float | None, Answer]:
    """The line item's own scoreMaximum, or None when it cannot be read, and the answer."""
    connector = Connector(access)
    service = _build_service(connector, line_item_url, granted)
    if not service.can_read_lineitem():
        return None, Answer(None, failure="scope_missing")
    found: list[object] = []
    answer = _answer(connector, lambda: found.append(service.get_lineitem().get_score_maximum()))
    maximum = found[0] if found else None
    if isinstance(maximum, (int, float)) and not isinstance(maximum, bool) and maximum > 0:
        return float(maximum), answer
    return None, answer


def _build_service(
    connector: Connector, line_item_url: str, granted: Sequence[str]
) -> GradeService:
    scopes = sorted(ags.SCOPES & set(granted))
    claim = {"scope": scopes, "lineitem": line_item_url}
    return GradeService(connector, claim)  # type: ignore[arg-type]  # wants `lineitems`, unused


def _answer(connector: Connector, request: Callable[[], object]) -> Answer:
    began = time.monotonic()
    answer = _try(connector, request)
    return replace(answer, duration_ms=round((time.monotonic() - began) * 1000))


def _try(connector: Connector, request: Callable[[], object]) -> Answer:
    try:
        request()
    except TokenFailed as failed:
        if failed.response is None or failed.failure in ("scope_missing", "token_odd"):
            said = failed.response.text[: ags.ANSWER_LIMIT] if failed.response is not None else ""
            return Answer(None, failure=failed.failure, body=_hide(said), at_token=True)
        return replace(_read(failed.response), at_token=True)
    except LtiServiceException as error:
        return _read(error.response)
    except requests.exceptions.ConnectTimeout:
        return Answer(None, failure="unreachable", body="no connection in time")
    except requests.exceptions.Timeout:
        return Answer(None, failure="timeout")
    except requests.exceptions.ConnectionError as error:
        return Answer(None, failure=_kind_of(error), body=str(error)[:200])
    except (requests.RequestException, LtiException) as error:
        return Answer(None, failure="broken", body=str(error)[:200])
    response = connector.last_response
    return _read(response) if response is not None else Answer(None, failure="broken")


def _kind_of(error: requests.exceptions.ConnectionError) -> str:
    """Refused before anything was sent, or broken off after it may have been recorded."""
    refused = ("NewConnectionError", "NameResolutionError", "Connection refused")
    return "unreachable" if any(word in repr(error) for word in refused) else "broken"


def _read(response: requests.Response) -> Answer:
    return Answer(
        response.status_code,
        body=_hide(response.text[: ags.ANSWER_LIMIT]),
        phrase=(response.reason or "")[:300],
        retry_after=_seconds(response.headers.get("Retry-After", "")),
    )


def _hide(body: str) -> str:
    """An answer that carries a token is not kept."""
    return "[hidden]" if "access_token" in body else body


def _seconds(text: str) -> float | None:
    return float(text) if text.isdigit() else None
