"""Reading the statements of a request. XP-14, XP-20"""

from flask import request

from xapi_lrs.core.errors import InvalidRequest, TooLarge
from xapi_lrs.core.strict_json import Received, parse_statements
from xapi_lrs.views.host import host
from xapi_lrs.views.params import body_bytes


def read_statements() -> tuple[list[Received], bool]:
    """The statements of the body, and whether they came as an array.

    Raises InvalidRequest, MalformedJson, TooLarge.
    """
    _check_content_type()
    received, is_batch = parse_statements(body_bytes())
    most = host().limits.batch
    if len(received) > most:
        raise TooLarge(f"{len(received)} statements in one request; this store takes {most}")
    return received, is_batch


def _check_content_type() -> None:
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
