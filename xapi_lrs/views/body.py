"""Reading the statements of a request, and the files that come with them. XP-14, XP-20, XP-31"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from flask import request

from xapi_lrs.core.errors import InvalidRequest, TooLarge
from xapi_lrs.core.problems import Problems
from xapi_lrs.core.query import refuse
from xapi_lrs.core.store import Limits
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

    def named(self, statement_id: UUID) -> "Sent":
        """With the id of a PUT's address, which must not contradict the statement's own.

        Raises InvalidRequest. XP-26
        """
        if self.is_batch:
            raise InvalidRequest("PUT stores a single statement, not an array")
        value, text = self.received[0].value, self.received[0].text
        if type(value) is not dict:
            return self
        own = value.get("id", str(statement_id))
        if type(own) is str and own.lower() != str(statement_id):
            problems = Problems()
            problems("id", "XP-26", "differs from the parameter statementId")
            refuse(problems)
        return replace(self, received=[Received(value | {"id": own}, text)])


@contextmanager
def read_statements() -> Iterator[Sent]:
    """The files live as long as the block.

    Raises InvalidRequest, MalformedJson, MalformedMultipart, TooLarge.
    """
    if request.mimetype == "multipart/mixed":
        with read_multipart() as parcel:
            yield replace(parse_body(parcel.json, host().limits), files=parcel.files)
    else:
        _check_content_type()
        yield parse_body(body_bytes(), host().limits)


def parse_body(body: bytes, limits: Limits) -> Sent:
    """Raises MalformedJson, TooLarge (more statements than the store takes at once)."""
    received, is_batch = parse_statements(body)
    if len(received) > limits.batch:
        raise TooLarge(
            f"{len(received)} statements in one request; this store takes {limits.batch}"
        )
    return Sent(received, is_batch)


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
