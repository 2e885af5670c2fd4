"""Reading the statements of a request, and the files that come with them. XP-14, XP-20, XP-31"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import request

from xapi_lrs.core.errors import InvalidRequest, TooLarge
from xapi_lrs.core.strict_json import Received, parse_statements
from xapi_lrs.services.attachments import ReceivedFile
from xapi_lrs.views.host import host
from xapi_lrs.views.multipart import read_multipart
from xapi_lrs.views.params import body_bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """What a PUT or POST of statements brought."""

    received: list[Received]
    is_batch: bool
    """The statements came as an array."""
    files: tuple[ReceivedFile, ...] = ()


@contextmanager
def read_statements() -> Iterator[Sent]:
    """The files live as long as the block.

    Raises InvalidRequest, MalformedJson, MalformedMultipart, TooLarge.
    """
    if request.mimetype == "multipart/mixed":
        with read_multipart() as parcel:
            yield Sent(*_parse(parcel.json), parcel.files)
    else:
        _check_content_type()
        yield Sent(*_parse(body_bytes()))


def _parse(body: bytes) -> tuple[list[Received], bool]:
    received, is_batch = parse_statements(body)
    most = host().limits.batch
    if len(received) > most:
        raise TooLarge(f"{len(received)} statements in one request; this store takes {most}")
    return received, is_batch


def _check_content_type() -> None:
    kind = request.mimetype
    if kind != "application/json":
        raise InvalidRequest(
            "Content-Type must be application/json, or multipart/mixed with attachments, "
            f"not {kind[:100] or 'none'!r}"
        )
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise InvalidRequest("JSON is sent in UTF-8 (RFC 8259 8.1)")
