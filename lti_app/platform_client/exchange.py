"""One request to a platform's service, and what became of it.

Never raises for what a platform does: every request ends in an `Answer`.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import requests

from lti_app.core import ags
from lti_app.core.ags import Answer
from lti_app.platform_client.connector import (
    Connector,
    PlatformAccess,
    TokenCache,
    TokenFailed,
    read_json,
)


@dataclass(frozen=True)
class Exchange:
    """An answer with what it carried."""

    answer: Answer
    body: Any = None
    """The JSON of a good answer, else None."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name, whatever its case."""

    @property
    def is_good(self) -> bool:
        return self.answer.status is not None and 200 <= self.answer.status < 300


def exchange(
    access: PlatformAccess,
    method: str,
    url: str,
    scopes: Sequence[str],
    *,
    accept: str,
    content_type: str | None = None,
    body: Any = None,
) -> Exchange:
    """Send one request with a token for `scopes`; `body` is sent as JSON."""
    began = time.monotonic()
    data = None if body is None else json.dumps(body)
    made = _try(Connector(access), method, url, scopes, accept, content_type, data)
    spent = round((time.monotonic() - began) * 1000)
    return replace(made, answer=replace(made.answer, duration_ms=spent))


def ask_for_token(
    access: PlatformAccess, scopes: Sequence[str]
) -> tuple[frozenset[str] | None, Answer]:
    """A fresh token, not from the cache: the scopes that were granted, or None, and the answer."""
    connector = Connector(access, tokens=TokenCache())
    try:
        connector.get_access_token(scopes)
    except TokenFailed as failed:
        return None, _read_failed_token(failed)
    said = connector.granted_scopes
    return frozenset(said if said is not None else scopes), Answer(200)


def _try(
    connector: Connector,
    method: str,
    url: str,
    scopes: Sequence[str],
    accept: str,
    content_type: str | None,
    data: str | None,
) -> Exchange:
    try:
        response = connector.request(
            method, scopes, url, accept=accept, content_type=content_type, data=data
        )
    except TokenFailed as failed:
        return Exchange(_read_failed_token(failed))
    except requests.exceptions.ConnectTimeout:
        return Exchange(Answer(None, failure="unreachable", body="no connection in time"))
    except requests.exceptions.Timeout:
        return Exchange(Answer(None, failure="timeout"))
    except requests.exceptions.ConnectionError as error:
        return Exchange(Answer(None, failure=_kind_of(error), body=str(error)[:200]))
    except requests.RequestException as error:
        return Exchange(Answer(None, failure="broken", body=str(error)[:200]))
    answer = _read(response)
    is_good = 200 <= response.status_code < 300
    return Exchange(answer, read_json(response) if is_good else None, response.headers)


def _read_failed_token(failed: TokenFailed) -> Answer:
    if failed.response is None or failed.failure in ("scope_missing", "token_odd"):
        said = failed.response.text[: ags.ANSWER_LIMIT] if failed.response is not None else ""
        return Answer(None, failure=failed.failure, body=_hide(said), at_token=True)
    return replace(_read(failed.response), at_token=True)


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
