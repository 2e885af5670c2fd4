"""Reading a request: its version, its parameters, its body. XP-02, XP-14"""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from xapi_lrs.core.errors import InvalidRequest, TooLarge
from xapi_lrs.core.strict_json import Received, parse_statements
from xapi_lrs.core.versions import HEADER, parse_version
from xapi_lrs.views.host import host


def read_version() -> str:
    """ "1.0.3" or "2.0.0". Raises InvalidRequest."""
    return parse_version(request.headers.get(HEADER))


def read_parameters() -> list[tuple[str, str]]:
    return list(request.args.items(multi=True))


def refuse_parameters() -> None:
    """POST takes none. XP-15"""
    names = ", ".join(sorted(name[:100] for name in request.args))
    if names:
        raise InvalidRequest(f"POST of statements has no parameters, but was sent: {names}")


def read_statements() -> tuple[list[Received], bool]:
    """The statements of the body, and whether they came as an array.

    Raises InvalidRequest, MalformedJson, TooLarge.
    """
    _check_content_type()
    received, is_batch = parse_statements(_read_body())
    most = host().limits.batch
    if len(received) > most:
        raise TooLarge(f"{len(received)} statements in one request; this store takes {most}")
    return received, is_batch


def _check_content_type() -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise InvalidRequest("Content-Encoding is not accepted: send the body uncompressed")
    kind = request.mimetype
    if kind == "multipart/mixed":
        raise InvalidRequest(
            "attachments in multipart/mixed are not accepted yet: send application/json, and "
            "attachments by fileUrl"
        )
    if kind != "application/json":
        raise InvalidRequest(f"Content-Type must be application/json, not {kind[:100] or 'none'!r}")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise InvalidRequest("JSON is sent in UTF-8 (RFC 8259 8.1)")


def _read_body() -> bytes:
    most = host().limits.body_bytes
    request.max_content_length = most
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise TooLarge(f"the body is larger than the {most} bytes this store takes") from None
