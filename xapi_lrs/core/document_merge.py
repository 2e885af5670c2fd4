"""What a POST makes of a document (xAPI 1.0.3 Communication 2.2; 2.0 4.1.6.2). XP-23

Only the top level is merged, and only when both documents are JSON objects of content type
application/json. A document is otherwise kept octet for octet.
"""

from dataclasses import dataclass

from xapi_lrs.core.errors import InvalidRequest, MalformedJson
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.strict_json import dump_json, parse_json

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Content:
    """A document as it was sent."""

    octets: bytes
    content_type: str
    """The header, word for word."""

    @property
    def is_json(self) -> bool:
        return self.content_type.partition(";")[0].strip().lower() == JSON


def post_document(posted: Content, there: Content | None) -> Content:
    """What is to be stored. Raises InvalidRequest; then nothing changes.

    Where nothing is there, the posted document is stored as it is, of whatever type; but one that
    claims to be application/json has to be an object, or no later POST could be merged into it.
    """
    if there is None:
        if posted.is_json:
            _read_object(posted, "the posted document")
        return posted
    for content, which in ((posted, "the posted document"), (there, "the stored document")):
        if not content.is_json:
            raise InvalidRequest(
                f"POST merges JSON objects, but {which} has the content type "
                f"{content.content_type[:100]!r}: PUT replaces a document"
            )
    merged = _read_object(there, "the stored document") | _read_object(
        posted, "the posted document"
    )
    return Content(dump_json(merged).encode(), there.content_type)


def _read_object(content: Content, which: str) -> JsonObject:
    try:
        value = parse_json(content.octets)
    except MalformedJson as error:
        raise InvalidRequest(f"{which} is application/json, but {error.message}") from None
    if type(value) is not dict:
        raise InvalidRequest(f"POST merges JSON objects, but {which} is none: PUT replaces it")
    return value
