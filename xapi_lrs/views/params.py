"""Parameters and body of a request to any resource; forms of the alternate syntax included.

`views/alternate.py` has turned such a form into the request it means before a view sees it.
"""

from collections.abc import Collection, Iterator
from typing import IO

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from xapi_lrs.core.errors import InvalidRequest, TooLarge
from xapi_lrs.core.problems import Problems
from xapi_lrs.core.query import refuse
from xapi_lrs.core.versions import HEADER, parse_version
from xapi_lrs.views.host import host

_BLOCK = 64 * 1024


def read_version() -> str:
    """ "1.0.3" or "2.0.0". Raises InvalidRequest. XP-02"""
    return parse_version(request.headers.get(HEADER))


def parameter_pairs() -> list[tuple[str, str]]:
    """Decoded, in the order of the address."""
    return list(request.args.items(multi=True))


def parameters(known: Collection[str], required: Collection[str] = ()) -> dict[str, str]:
    """Name to value. Raises InvalidRequest for an unknown one, one given twice, one that is
    required and missing; all faults at once. XP-15"""
    problems, values = Problems(), dict[str, str]()
    for name, value in parameter_pairs():
        if name not in known:
            problems(name[:100], "XP-15", "is not a parameter of this request (case matters)")
        elif name in values:
            problems(name, "XP-15", "is given twice")
        values[name] = value
    for name in required:
        if name not in values:
            problems(name, "XP-15", "is missing")
    refuse(problems)
    return values


def content_type() -> str:
    """As it was sent, parameters included; "" when there is none."""
    return request.headers.get("Content-Type", "").strip()


def body_blocks(most: int) -> Iterator[bytes]:
    """The body as it arrives, for what must not be held as a whole. Raises as `body_bytes` does."""
    _refuse_encoding()
    request.max_content_length = most
    came = 0
    try:
        while block := read_block(request.stream):
            came += len(block)
            yield block
    except RequestEntityTooLarge:
        raise TooLarge(f"the body is larger than the {most} bytes this store takes") from None
    announced = request.content_length or 0
    if came < announced:  # the connection ended: half a document must not replace a whole one
        raise InvalidRequest(f"only {came} of the {announced} octets of the body arrived")


def read_block(stream: IO[bytes], most: int = _BLOCK) -> bytes:
    """The next octets of a body. Raises InvalidRequest when it does not come as it was announced:
    each server has errors of its own for that."""
    try:
        return stream.read(most)
    except RequestEntityTooLarge:
        raise
    except Exception as error:
        raise InvalidRequest(
            f"the body broke off before its end, or its chunks are broken ({type(error).__name__})"
        ) from error


def body_bytes(most: int | None = None) -> bytes:
    """The octets of the body; `most`: the store's limit unless less is wanted.

    Raises TooLarge, InvalidRequest (a Content-Encoding, a body that ends too early).
    """
    return b"".join(body_blocks(host().limits.body_bytes if most is None else most))


def _refuse_encoding() -> None:
    """A few octets of gzip can unfold to any number: nobody needs it here."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise InvalidRequest("Content-Encoding is not accepted: send the body uncompressed")
