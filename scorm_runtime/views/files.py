"""Files of packages, as the content asks for them: /p/<token>/files/<path>."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import Range

from scorm_runtime.core.tokens import read_token
from scorm_runtime.services.held import get_played
from scorm_runtime.storage.errors import InvalidKey, ObjectMissing
from scorm_runtime.storage.interface import ObjectStat, Storage
from scorm_runtime.views.admission import admit
from scorm_runtime.views.errors import show_error
from scorm_runtime.views.headers import protect_file
from scorm_runtime.views.mime import find_media_type
from scorm_runtime.views.wiring import wiring

GRACE = timedelta(hours=24)
"""Files of a window that stayed open are still served this long after its token's end: the bridge
gets a new token with every commit, but content keeps its address."""
_KEEP_SECONDS = 24 * 3600
"""A version never changes, so browsers may keep its files; the token in the address ends it."""


def register(blueprint: Blueprint) -> None:
    blueprint.get("/p/<token>/files/<path:path>")(package_file)


def package_file(token: str, path: str) -> ResponseReturnValue:
    """One file of the attempt's package version; ranges, conditional requests, clear 404."""
    parts = wiring()
    host = parts.host
    permit = read_token(host.secret_key, token, datetime.now(UTC), leeway=GRACE)
    with host.transaction(permit.tenant_id) as session:
        prefix = get_played(session, admit(host, session, permit)).storage_prefix
        ancestors = host.frame_ancestors(session)
    key = f"{prefix}{path}"
    try:
        stat = parts.storage.stat(key)
        response = _send(parts.storage, stat, path)
    except (InvalidKey, ObjectMissing):
        missing = _("The package does not contain “%(path)s”.", path=path)
        response = show_error(_("A file is missing"), missing, 404)
    return protect_file(response, host, ancestors)


def _send(storage: Storage, stat: ObjectStat, path: str) -> Response:
    wanted = _find_range(stat)
    span = wanted.range_for_length(stat.size) if wanted else None
    if wanted and not span:
        return Response(status=416, headers={"Content-Range": f"bytes */{stat.size}"})
    start, end = span or (0, stat.size)
    response = Response(_body(storage, stat.key, start, end))
    response.headers["Content-Type"] = find_media_type(path)
    response.headers["Content-Length"] = str(end - start)
    response.headers["Accept-Ranges"] = "bytes"
    response.set_etag(stat.etag)
    response.last_modified = stat.modified_at
    response.cache_control.private = True
    response.cache_control.max_age = _KEEP_SECONDS
    if span is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{stat.size}"
        return response
    response.make_conditional(request)
    return response


def _body(storage: Storage, key: str, start: int, end: int) -> Iterator[bytes]:
    if start >= end or request.method == "HEAD":
        return iter(())
    return storage.read(key, start, end)


def _find_range(stat: ObjectStat) -> Range | None:
    """The range asked for, when it is one span in bytes and still of this file (RFC 9110 14)."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    condition = request.if_range
    if condition.etag is not None and condition.etag != stat.etag:
        return None
    modified = stat.modified_at.replace(microsecond=0)
    return None if condition.date is not None and condition.date < modified else wanted
