"""The alternate request syntax of 1.0.x (xAPI 1.0.3 Communication 1.3). XP-03

A browser that may only send simple requests posts a form to `?method=GET|PUT|POST|DELETE|HEAD`; the
form's fields are the headers, the parameters and, as `content`, the body of the request it means.
2.0 has dropped it: there `method` is a parameter like any unknown one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from xapi_lrs.core.errors import InvalidRequest

METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
"""What may be meant."""

PARAMETER = "method"

HEADERS = {
    "authorization": "Authorization",
    "x-experience-api-version": "X-Experience-API-Version",
    "content-type": "Content-Type",
    "content-length": "Content-Length",
    "if-match": "If-Match",
    "if-none-match": "If-None-Match",
    "accept": "Accept",
    "accept-language": "Accept-Language",
}
"""Fields that stand for headers (ibid., table), by their lower-cased name."""

_MOST = 100
"""Fields of a form."""

_CARRIES_BODY = ("PUT", "POST")


@dataclass(frozen=True, slots=True)
class Meant:
    """The request that a form stands for."""

    method: str
    parameters: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def read_alternate(query: Iterable[tuple[str, str]], content_type: str, form: bytes) -> Meant:
    """What the form says. Raises InvalidRequest."""
    method = _method(list(query))
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise InvalidRequest(
            "?method= is the alternate request syntax: its body must be sent as "
            "application/x-www-form-urlencoded (1.0.3 Communication 1.3)"
        )
    meant, content = Meant(method), None
    for name, value in _fields(form):
        header = HEADERS.get(name.lower())
        if name == "content":
            content = value
        elif header is not None:
            meant.headers[header] = value
        else:
            meant.parameters.append((name, value))
    if content is None and method in _CARRIES_BODY:
        raise InvalidRequest(f"the form has no field `content`: the body of the {method} it means")
    if content is not None:
        meant.headers.setdefault("Content-Type", "application/json")
    body = b"" if content is None else content.encode("utf-8", "surrogatepass")
    return Meant(method, meant.parameters, meant.headers, body)


def _method(query: list[tuple[str, str]]) -> str:
    others = sorted({name[:100] for name, _ in query} - {PARAMETER})
    if others or len(query) != 1:
        raise InvalidRequest(
            "beside ?method= the address has no other parameter; they are fields of the form: "
            + (", ".join(others) or PARAMETER)
        )
    method = query[0][1]
    if method not in METHODS:
        raise InvalidRequest(f"method must be one of {', '.join(METHODS)}, not {method[:50]!r}")
    return method


def _fields(form: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            form.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST
        )
    except ValueError as error:
        raise InvalidRequest(f"the form cannot be read as urlencoded UTF-8: {error}") from None
