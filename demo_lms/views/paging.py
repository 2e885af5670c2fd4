"""Pages of a list by `limit` and `from`, with the Link header that leads on (RFC 8288)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request

from demo_lms.views.parts import parts

CURLY = "“next”".encode().decode("latin-1")  # headers travel as Latin-1


def page_of(found: list[Any], *, good: bool) -> tuple[list[Any], str | None]:
    """The asked part of a list and its Link header; without a limit all of it.

    A header that is not `good` is Moodle's: escaped as for HTML, with curly quotes. MOODLE 6
    """
    limit = request.args.get("limit", type=int)
    first = max(request.args.get("from", 0, type=int), 0)
    if limit is None or limit < 1:
        return found, None
    if first + limit >= len(found):
        return found[first:], None
    query = urlencode({**request.args.to_dict(), "limit": limit, "from": first + limit})
    address = f"{parts().settings.issuer}{request.path}?{query}"
    if good:
        return found[first : first + limit], f'<{address}>; rel="next"'
    return found[first : first + limit], f"<{address.replace('&', '&amp;')}>; rel={CURLY}"
