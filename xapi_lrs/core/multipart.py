"""multipart/mixed, read from a stream without keeping it (RFC 2046 5.1). XP-31

    for part in read_parts(blocks, boundary):
        part.headers                      names in lower case
        for piece in part.pieces: ...     must be used up before the next part is asked for

A message is a preamble, parts and an epilogue, parted by lines of "--" and the boundary; the last
of them ends in "--". The line break in front of such a line belongs to it, not to the part.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xapi_lrs.core.errors import MalformedMultipart

_BREAK = b"\r\n"
_LONGEST_HEAD = 8192
"""Octets of the headers of one part."""

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
_HEADER = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*")


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    """1 for the first."""
    headers: dict[str, str]
    pieces: Iterator[bytes]
    """The content, block by block."""


def check_boundary(boundary: str | None) -> bytes:
    """As it stands in the Content-Type. Raises MalformedMultipart."""
    if not boundary:
        raise MalformedMultipart("the Content-Type multipart/mixed names no boundary")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise MalformedMultipart("the boundary must be 1 to 70 characters of RFC 2046 5.1.1")
    return boundary.encode("ascii")


def read_parts(blocks: Iterable[bytes], boundary: bytes) -> Iterator[Part]:
    """Raises MalformedMultipart, also while a part is read."""
    stream = _Stream(blocks, _BREAK + b"--" + boundary)
    for _ in stream.until_delimiter("has no line with the boundary of its Content-Type"):
        pass
    number = 0
    while not stream.is_at_end():
        number += 1
        headers = _parse_head(stream.take_head(number), number)
        pieces = stream.until_delimiter(f"ends inside part {number}: was it cut off?")
        yield Part(number, headers, pieces)
        for _ in pieces:
            pass
    if not number:
        raise MalformedMultipart("the multipart body has no part")


def _parse_head(head: bytes, number: int) -> dict[str, str]:
    """From the end of the boundary to the empty line."""
    rest, *lines = head.decode("latin-1").split("\r\n")
    if rest.strip(" \t"):
        raise MalformedMultipart(f"something stands behind the boundary of part {number}")
    headers: dict[str, str] = {}
    for line in lines:
        match = _HEADER.fullmatch(line)
        if match is None:
            raise MalformedMultipart(f"part {number} has a header that is none: {line[:80]!r}")
        name = match[1].lower()
        if name in headers:
            raise MalformedMultipart(f"part {number} has the header {match[1][:80]} twice")
        headers[name] = match[2]
    return headers


class _Stream:
    """What has come and is not yet used; never more than a block and a delimiter."""

    def __init__(self, blocks: Iterable[bytes], delimiter: bytes) -> None:
        self._blocks = iter(blocks)
        self._delimiter = delimiter
        self._waiting = bytearray(_BREAK)  # so that the first boundary needs no line before it

    def until_delimiter(self, otherwise: str) -> Iterator[bytes]:
        """What stands before the next delimiter, which is used up."""
        keep = len(self._delimiter) - 1
        while (place := self._waiting.find(self._delimiter)) < 0:
            if len(self._waiting) > keep:
                yield bytes(self._waiting[:-keep])
                del self._waiting[:-keep]
            self._more(otherwise)
        yield bytes(self._waiting[:place])
        del self._waiting[: place + len(self._delimiter)]

    def is_at_end(self) -> bool:
        """Whether the delimiter just used was the last one."""
        while len(self._waiting) < len(_BREAK):
            self._more("has no last boundary, ended by --: was it cut off?")
        return self._waiting.startswith(b"--")

    def take_head(self, number: int) -> bytes:
        while (place := self._waiting.find(_BREAK * 2)) < 0:
            if len(self._waiting) > _LONGEST_HEAD:
                break
            self._more(f"has no empty line behind the headers of part {number}")
        if not 0 <= place <= _LONGEST_HEAD:
            raise MalformedMultipart(
                f"the headers of part {number} do not end within {_LONGEST_HEAD} octets; "
                "an empty line ends them, and lines end in CR LF"
            )
        head = bytes(self._waiting[:place])
        del self._waiting[: place + 2 * len(_BREAK)]
        return head

    def _more(self, otherwise: str) -> None:
        block = next(self._blocks, b"")
        if not block:
            raise MalformedMultipart(f"the multipart body {otherwise}")
        self._waiting += block
