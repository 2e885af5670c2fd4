"""Content in a browser: it runs in other origins and carries its credential itself. XP-28

No cookies, so any origin may ask; a credential that is bound to origins is answered readably only
for these. The preflight carries no credential and is answered alike to all.
"""

from flask import Response, g, request

from xapi_lrs.core.bounds import Bounds
from xapi_lrs.core.versions import HEADER

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Length, Accept, "
    f"Accept-Language, If-Match, If-None-Match, X-Experience-API-Hash, {HEADER}",
    "Access-Control-Max-Age": "86400",
}
_EXPOSED = (
    *("ETag", "Last-Modified", "Cache-Control", "Content-Type", "Content-Length"),
    *("WWW-Authenticate", "Retry-After", "X-Experience-API-Hash"),
    *(HEADER, "X-Experience-API-Consistent-Through"),
)


def preflight() -> Response | None:
    """OPTIONS is answered to anybody, before any check."""
    if request.method != "OPTIONS":
        return None
    return Response(status=204, headers=_PREFLIGHT)


def note_bounds(bounds: Bounds) -> None:
    """The caller's credential is known: the answer follows what it is bound to."""
    g.xapi_origins = bounds.origins


def allow_origin(answer: Response) -> Response:
    """The CORS headers of an answer (Fetch Standard 3.2.3)."""
    origins: tuple[str, ...] = g.get("xapi_origins", ())
    origin = request.headers.get("Origin")
    if not origins:
        answer.headers["Access-Control-Allow-Origin"] = "*"
    elif origin in origins:
        answer.headers["Access-Control-Allow-Origin"] = origin
    if origins:
        answer.headers.add("Vary", "Origin")
    answer.headers["Access-Control-Expose-Headers"] = ", ".join(_EXPOSED)
    return answer
