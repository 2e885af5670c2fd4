"""Multipart requests as clients write them, good and bad; and the parts of an answer."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import orjson

from tests.xapi_lrs.conftest import make_statement

BOUNDARY = "here-it-ends"
TYPE = f"multipart/mixed; boundary={BOUNDARY}"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def declare(data: bytes, **changes: Any) -> dict[str, Any]:
    """An attachment as a statement declares it; a change to None leaves the property out."""
    declared = {
        "usageType": "https://example.com/usage/photo",
        "display": {"en": "A photo"},
        "contentType": "image/jpeg",
        "length": len(data),
        "sha2": sha256(data),
    }
    return {key: value for key, value in (declared | changes).items() if value is not None}


def with_files(*files: bytes, **changes: Any) -> dict[str, Any]:
    """A statement that declares those files."""
    return make_statement(attachments=[declare(data) for data in files], **changes)


def head(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def part_of(data: bytes, **changes: str | None) -> bytes:
    """Headers and content of a file's part; a change to None leaves the header out."""
    headers = {
        "Content-Type": "image/jpeg",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": sha256(data),
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    return head(*(f"{name}: {value}" for name, value in headers.items() if value)) + data


def statements_part(statements: Any, content_type: str = "application/json") -> bytes:
    return head(f"Content-Type: {content_type}") + orjson.dumps(statements)


def join(*parts: bytes, boundary: str = BOUNDARY, end: bytes = b"--\r\n") -> bytes:
    line = f"--{boundary}".encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + end


def parcel(statements: Any, *files: bytes) -> bytes:
    """A good body: the statements, then each file."""
    return join(statements_part(statements), *map(part_of, files))


@dataclass(frozen=True)
class AnsweredPart:
    headers: dict[str, str]
    content: bytes


def split(content_type: str, body: bytes) -> list[AnsweredPart]:
    """The parts of a multipart answer."""
    found = re.fullmatch(r'multipart/mixed; boundary="?([^"]+)"?', content_type)
    assert found, content_type
    first, *parts = (b"\r\n" + body).split(f"\r\n--{found[1]}".encode())
    assert first == b""
    assert parts.pop().strip() == b"--"
    return [_answered(part) for part in parts]


def _answered(part: bytes) -> AnsweredPart:
    headers, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in headers.decode().split("\r\n"))
    return AnsweredPart({name: value for name, _, value in lines}, content)
