"""Before anything else: a form of the alternate request syntax becomes the request it means.

It happens in front of the application, so that every view reads headers, parameters and body in
the one usual way. A form that cannot be read is refused by the blueprint (`refuse_early`).
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request

from xapi_lrs.core.alternate import PARAMETER, Meant, read_alternate
from xapi_lrs.core.errors import LrsError, TooLarge
from xapi_lrs.core.versions import XAPI_2
from xapi_lrs.views.params import read_block

Environ = dict[str, Any]

REFUSED = "xapi_lrs.refused"
"""In the environ: an error that the blueprint raises, so that it is answered as all are."""
_VERSION = "HTTP_X_EXPERIENCE_API_VERSION"
_NOT_PREFIXED = {"Content-Type": "CONTENT_TYPE", "Content-Length": "CONTENT_LENGTH"}


class AlternateSyntax:
    """WSGI middleware for the addresses below `prefix`. XP-03"""

    def __init__(self, application: Any, prefix: str, most_bytes: int) -> None:
        self.application = application
        self.prefix = prefix
        self.most_bytes = most_bytes

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._is_alternate(environ):
            try:
                _become(environ, self._read(environ))
            except LrsError as error:
                environ[REFUSED] = error
        answer: Iterable[bytes] = self.application(environ, start_response)
        return answer

    def _is_alternate(self, environ: Environ) -> bool:
        """A request that says 2.0 in its own header means no form. XP-03"""
        if environ["REQUEST_METHOD"] != "POST" or f"{PARAMETER}=" not in environ["QUERY_STRING"]:
            return False
        return (
            environ.get("PATH_INFO", "").startswith(self.prefix)
            and any(name == PARAMETER for name, _ in _query(environ))
            and not _speaks_2(environ.get(_VERSION))
        )

    def _read(self, environ: Environ) -> Meant:
        length = environ.get("CONTENT_LENGTH") or ""
        chunked = environ.get("wsgi.input_terminated")
        form = b""
        if chunked or length.isdigit():
            most = self.most_bytes + 1
            form = read_block(environ["wsgi.input"], most if chunked else min(int(length), most))
        if len(form) > self.most_bytes:
            raise TooLarge(f"the form is larger than the {self.most_bytes} bytes this store takes")
        return read_alternate(_query(environ), environ.get("CONTENT_TYPE", ""), form)


def refuse_early() -> None:
    """What failed in front of the application is refused here, with the answer of every refusal."""
    error = request.environ.get(REFUSED)
    if error is not None:
        raise error


def _query(environ: Environ) -> list[tuple[str, str]]:
    return parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)


def _speaks_2(version: str | None) -> bool:
    return version is not None and version.strip().startswith("2.")


def _become(environ: Environ, meant: Meant) -> None:
    """A form that says 2.0 in its field stays what it is: a POST with an unknown parameter."""
    if _speaks_2(meant.headers.get("X-Experience-API-Version")):
        environ[_VERSION] = XAPI_2
        return
    environ["REQUEST_METHOD"] = meant.method
    environ["QUERY_STRING"] = urlencode(meant.parameters)
    environ.pop("CONTENT_TYPE", None)
    for name, value in meant.headers.items():
        environ[_NOT_PREFIXED.get(name) or f"HTTP_{name.upper().replace('-', '_')}"] = value
    environ["CONTENT_LENGTH"] = str(len(meant.body))
    environ["wsgi.input"] = BytesIO(meant.body)
    for key in ("HTTP_TRANSFER_ENCODING", "RAW_URI", "REQUEST_URI"):
        environ.pop(key, None)
