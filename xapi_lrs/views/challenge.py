"""How to come in instead: WWW-Authenticate (RFC 7617 2, RFC 6750 3)."""

from flask import Response, request

from xapi_lrs.core.errors import LrsError
from xapi_lrs.core.tokens import TokenInvalid

_REALM = 'realm="xAPI"'


def challenge(answer: Response, error: LrsError) -> None:
    """401: Basic first, as most clients want it, then Bearer. 403 only to who sent a Bearer."""
    bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
    if answer.status_code == 401:
        answer.headers.add("WWW-Authenticate", f'Basic {_REALM}, charset="UTF-8"')
        answer.headers.add("WWW-Authenticate", _bearer(error))
    elif answer.status_code == 403 and bearer:
        answer.headers.add("WWW-Authenticate", f'Bearer {_REALM}, error="insufficient_scope"')


def _bearer(error: LrsError) -> str:
    if not isinstance(error, TokenInvalid):
        return f"Bearer {_REALM}"
    return f'Bearer {_REALM}, error="invalid_token", error_description="{error.message}"'
