"""The doors to the outside: the network, the clock, chance, waiting, the connection itself.

Views pass what they get here on to core and state, which have no door of their own. Tests replace
a door by giving `create_app` another `Doors`.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

TIMEOUT = (3.05, 5.0)
"""Seconds to connect and to wait for an answer when the tool's key set is fetched."""


class ToolUnreachable(Exception):
    """The tool did not answer with a key set; the message says what was tried and seen."""


def fetch_json(url: str) -> Any:
    """GET a JSON document; raises ToolUnreachable with a sentence for people."""
    try:
        answer = requests.get(url, headers={"Accept": "application/json"}, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()
    except requests.HTTPError as error:
        raise ToolUnreachable(f"{url} answered {error.response.status_code}.") from error
    except requests.JSONDecodeError as error:
        raise ToolUnreachable(f"{url} did not answer with JSON.") from error
    except requests.RequestException as error:
        raise ToolUnreachable(f"{url} cannot be reached ({type(error).__name__}).") from error


def close_connection(environ: Mapping[str, Any]) -> None:
    """End the client's connection without an answer, as a crashed server would.

    gunicorn and werkzeug's own server both hand the socket over in the WSGI environment.
    """
    connection = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    if connection is None:
        raise ConnectionAbortedError("The Demo LMS refuses to answer, as its faults page says.")
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Doors:
    """Everything the Demo LMS does that is not a function of its input."""

    fetch_json: Callable[[str], Any] = fetch_json
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    random_text: Callable[[], str] = lambda: secrets.token_urlsafe(32)
    close_connection: Callable[[Mapping[str, Any]], None] = close_connection
