"""/xapi/<store>/activities/state, /agents/profile and /activities/profile. XP-23

xAPI 1.0.3 Communication 2.2, 2.3, 2.6, 2.7; 2.0 4.1.6.2, 4.1.6.5, 4.1.6.6.
"""

from collections.abc import Callable
from datetime import datetime

from flask import Response, request

from xapi_lrs.core.document import (
    ACTIVITY_PROFILE,
    AGENT_PROFILE,
    STATE,
    DocumentRequest,
    Place,
    Resource,
    parse_document_request,
)
from xapi_lrs.core.document_merge import Content
from xapi_lrs.core.errors import InvalidRequest, NotFound
from xapi_lrs.core.preconditions import Preconditions, make_etag
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.services.documents import (
    delete_document,
    delete_documents,
    find_document,
    list_documents,
    save_document,
)
from xapi_lrs.views.door import Visit, identify_caller, visit
from xapi_lrs.views.host import host
from xapi_lrs.views.params import body_bytes, content_type, parameter_pairs, read_version

View = Callable[[str], Response]

LONGEST_TYPE = 255
"""Characters of a content type."""

UNKNOWN_TYPE = "application/octet-stream"
"""Of a document that came without a content type (RFC 7231 3.1.1.5)."""

SANDBOX = "sandbox; default-src 'none'"
"""A document is somebody else's HTML, if he likes: a browser that shows it gives it no origin."""


def document_views(resource: Resource) -> dict[str, View]:
    """Method to view, for the table of addresses."""

    def get(slug: str) -> Response:
        return _get(resource, slug)

    def save(slug: str) -> Response:
        return _save(resource, slug)

    def remove(slug: str) -> Response:
        return _delete(resource, slug)

    return {"GET": get, "PUT": save, "POST": save, "DELETE": remove}


DOCUMENT_RESOURCES = {
    "activities/state": document_views(STATE),
    "agents/profile": document_views(AGENT_PROFILE),
    "activities/profile": document_views(ACTIVITY_PROFILE),
}


def tagged(content: bytes, kind: str, modified: datetime | None) -> Response:
    """200 with its ETag, and Last-Modified where that is known. XP-06, XP-08"""
    answer = Response(content, content_type=kind)
    answer.headers["ETag"] = f'"{make_etag(content)}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    if modified is not None:
        answer.last_modified = modified
    return answer


def _get(resource: Resource, slug: str) -> Response:
    caller, asked = identify_caller(), _read_request(resource)
    with visit(caller, slug) as guest:
        _let_in(guest, asked.place)
        if asked.document_id is None:
            listed = list_documents(guest.session, guest.store, asked.place, since=asked.since)
            ids = dump_json(listed.ids).encode()
            return tagged(ids, "application/json", listed.updated)
        found = find_document(guest.session, guest.store, asked.place, asked.document_id)
    if found is None:
        raise NotFound(f"no {resource.name} document {asked.document_id[:100]!r} here")
    return tagged(found.content.octets, found.content.content_type, found.updated)


def _save(resource: Resource, slug: str) -> Response:
    caller, asked = identify_caller(), _read_request(resource)
    content = Content(body_bytes(host().limits.document_bytes), _read_type())
    with visit(caller, slug) as guest:
        _let_in(guest, asked.place)
        save_document(
            guest.session,
            guest.store,
            asked.place,
            asked.document_id or "",
            content,
            _preconditions(resource),
            now=guest.now,
            limits=host().limits,
        )
    return Response(status=204)


def _delete(resource: Resource, slug: str) -> Response:
    caller, asked = identify_caller(), _read_request(resource)
    with visit(caller, slug) as guest:
        _let_in(guest, asked.place)
        if asked.document_id is None:
            delete_documents(guest.session, guest.store, asked.place)
        else:
            conditions = _preconditions(resource)
            delete_document(guest.session, guest.store, asked.place, asked.document_id, conditions)
    return Response(status=204)


def _read_request(resource: Resource) -> DocumentRequest:
    method = "GET" if request.method == "HEAD" else request.method
    return parse_document_request(resource, method, parameter_pairs(), read_version())


def _let_in(guest: Visit, place: Place) -> None:
    """What the credential is bound to; its scopes were asked at the door. Raises NotAllowed."""
    if place.agent is None:
        guest.check_activity_profile(place.activity_id or "")
    elif place.activity_id is None:
        guest.check_agent_profile(place.agent)
    else:
        guest.check_state(place.activity_id, place.agent, place.registration)


def _preconditions(resource: Resource) -> Preconditions:
    return Preconditions(
        request.method,
        resource,
        read_version(),
        request.headers.get("If-Match"),
        request.headers.get("If-None-Match"),
    )


def _read_type() -> str:
    kind = content_type()
    if len(kind) > LONGEST_TYPE:
        raise InvalidRequest(f"Content-Type has more than {LONGEST_TYPE} characters")
    return kind or UNKNOWN_TYPE
