"""multipart/mixed in and out: statements with the data of their attachments. XP-31

Neither way is a file ever in memory as a whole: on its way in it lies in a temporary file, on its
way out it is read chunk by chunk, each in a transaction of its own.
"""

import hashlib
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import Response, request, stream_with_context

from xapi_lrs.core.attachment import hash_name
from xapi_lrs.core.errors import MalformedMultipart, TooLarge
from xapi_lrs.core.multipart import Part, check_boundary, read_parts
from xapi_lrs.services.attachments import FoundAttachment, ReceivedFile, read_chunk
from xapi_lrs.views.host import host
from xapi_lrs.views.params import body_blocks

HASH = "X-Experience-API-Hash"

_IN_MEMORY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a multipart request brought."""

    json: bytes
    files: tuple[ReceivedFile, ...]


@contextmanager
def read_multipart() -> Iterator[Parcel]:
    """The files live as long as the block. Raises MalformedMultipart, TooLarge."""
    boundary = check_boundary(request.mimetype_params.get("boundary"))
    limits = host().limits
    with ExitStack() as open_files:
        parts = read_parts(body_blocks(limits.body_bytes + limits.attachment_bytes), boundary)
        json = _read_json(next(parts), limits.body_bytes)
        files: dict[str, ReceivedFile] = {}
        for part in parts:
            content = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  closed by the stack
            open_files.enter_context(content)
            file = _read_file(part, cast(BinaryIO, content))
            if file.sha2 in files:
                raise MalformedMultipart(f"part {part.number} has the same {HASH} as one before")
            files[file.sha2] = file
        yield Parcel(json, tuple(files.values()))


def _read_json(part: Part, most: int) -> bytes:
    kind = part.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise MalformedMultipart(
            "the first part holds the statements: its Content-Type must be application/json, "
            f"not {kind[:100] or 'none'!r}"
        )
    read = bytearray()
    for piece in part.pieces:
        read += piece
        if len(read) > most:
            raise TooLarge(f"the statements are larger than the {most} bytes this store takes")
    return bytes(read)


def _read_file(part: Part, content: BinaryIO) -> ReceivedFile:
    sha2 = part.headers.get(HASH.lower(), "").lower()
    algorithm = hash_name(sha2)
    if algorithm is None:
        raise MalformedMultipart(
            f"part {part.number} needs the header {HASH}: the SHA-2 of its content in hex digits"
        )
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise MalformedMultipart(
            f"part {part.number} needs the header Content-Transfer-Encoding: binary"
        )
    digest, length = hashlib.new(algorithm), 0
    for piece in part.pieces:
        digest.update(piece)
        length += len(piece)
        content.write(piece)
    if digest.hexdigest() != sha2:
        raise MalformedMultipart(
            f"part {part.number} is not what its {HASH} says: {algorithm} of the {length} octets "
            f"that arrived is {digest.hexdigest()}"
        )
    return ReceivedFile(sha2, length, content)


def stream_multipart(json: str, attachments: Sequence[FoundAttachment]) -> Response:
    """The statements as the first part, then each attachment's data."""
    boundary = secrets.token_hex(20)
    blocks = stream_with_context(_write(json, attachments, boundary))
    return Response(blocks, content_type=f'multipart/mixed; boundary="{boundary}"')


def _write(json: str, attachments: Sequence[FoundAttachment], boundary: str) -> Iterator[bytes]:
    yield f"--{boundary}\r\nContent-Type: application/json\r\n\r\n{json}".encode()
    for one in attachments:
        yield (
            f"\r\n--{boundary}\r\nContent-Type: {one.content_type}\r\n"
            f"Content-Transfer-Encoding: binary\r\n{HASH}: {one.sha2}\r\n\r\n"
        ).encode()
        for number in range(one.chunks):
            with host().transaction(one.tenant_id) as session:
                chunk = read_chunk(session, one, number)
            if chunk is None:
                raise RuntimeError(f"the attachment {one.sha2} was deleted while it was read")
            yield chunk
    yield f"\r\n--{boundary}--\r\n".encode()
