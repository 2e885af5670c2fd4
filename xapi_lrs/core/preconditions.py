"""May this request change the document? (xAPI 1.0.3 Communication 3.1; 2.0 4.1.4; RFC 7232)

The headers If-Match and If-None-Match are held against the ETag of what is there. What happens to a
PUT that brings neither differs by version and resource: the table UNGUARDED_PUT. XP-04 to XP-07
"""

import hashlib
import re
from dataclasses import dataclass

from xapi_lrs.core.document import RESOURCES, STATE, Resource
from xapi_lrs.core.errors import InvalidRequest, LrsError
from xapi_lrs.core.versions import XAPI_1, XAPI_2

_TAG = re.compile(r'(?:W/)?"([^"]*)"|([^\s,"]+)')
"""An entity tag; some clients leave the quotes out, some proxies make it weak."""


class DocumentConflict(LrsError):
    """There is a document, and the request does not say that it knows. XP-04"""

    status_hint = 409
    code = "document_conflict"


class PreconditionFailed(LrsError):
    """What If-Match or If-None-Match demands is not so; nothing was changed. XP-07"""

    status_hint = 412
    code = "precondition_failed"


class NoPrecondition(InvalidRequest):
    """A 1.0.3 client has to say what it expects of a profile. XP-05"""

    code = "precondition_missing"


_GET_FIRST = (
    "there is a document already: GET it, look at it, then repeat the request with the header "
    "If-Match and its ETag"
)
_SAY_WHAT_YOU_EXPECT = (
    "PUT of a profile needs the header If-None-Match: * (there is none yet) or If-Match "
    "and its ETag"
)


@dataclass(frozen=True, slots=True)
class Unguarded:
    """What a PUT without If-Match and If-None-Match meets; None: it is stored."""

    there: type[LrsError] | None
    missing: type[LrsError] | None


_PROFILE_1 = Unguarded(DocumentConflict, NoPrecondition)
_ANY_2 = Unguarded(DocumentConflict, None)

UNGUARDED_PUT = {
    (version, resource.name): rule
    for resource in RESOURCES
    for version, rule in (
        (XAPI_1, Unguarded(None, None) if resource is STATE else _PROFILE_1),
        (XAPI_2, _ANY_2),
    )
}


def make_etag(content: bytes) -> str:
    """The hexadecimal SHA-1 of the document, without quotes (1.0.3 Communication 3.1). XP-06"""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What a request demands of what is there."""

    method: str
    resource: Resource
    version: str
    if_match: str | None = None
    """The header, as it was sent."""
    if_none_match: str | None = None

    @property
    def always_hold(self) -> bool:
        """Whatever is there: no need to look before writing."""
        unguarded = UNGUARDED_PUT[self.version, self.resource.name]
        free = self.method != "PUT" or unguarded == Unguarded(None, None)
        return free and self.if_match is None and self.if_none_match is None

    def check(self, etag: str | None) -> None:
        """`etag` of what is there, None for nothing. Raises PreconditionFailed, DocumentConflict,
        NoPrecondition."""
        if self.if_match is not None and not _names(self.if_match, etag):
            what = f'its ETag is "{etag}"' if etag else "there is no document"
            raise PreconditionFailed(f"If-Match says {self.if_match[:100]!r}, but {what}")
        if self.if_none_match is not None and _names(self.if_none_match, etag):
            said = self.if_none_match[:100]
            raise PreconditionFailed(f'If-None-Match says {said!r}, but there is "{etag}"')
        if self.method == "PUT" and self.if_match is None and self.if_none_match is None:
            self._check_unguarded(etag)

    def _check_unguarded(self, etag: str | None) -> None:
        rule = UNGUARDED_PUT[self.version, self.resource.name]
        refusal = rule.missing if etag is None else rule.there
        if refusal is not None:
            raise refusal(_SAY_WHAT_YOU_EXPECT if etag is None else _GET_FIRST)


def _names(header: str, etag: str | None) -> bool:
    """Whether the header means the document of that ETag; `*` means any. Case of hex is ignored."""
    if etag is None:
        return False
    if header.strip() == "*":
        return True
    return any(etag == (quoted or bare).lower() for quoted, bare in _TAG.findall(header))
