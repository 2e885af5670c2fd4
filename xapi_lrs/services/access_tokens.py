"""Access tokens for a credential's key and secret (RFC 6749 4.4). Nothing is stored: a token is
signed with the credential's own hash (core/tokens.py) and checked with it at every request."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from xapi_lrs.core.errors import NotAllowed, NotAuthenticated
from xapi_lrs.core.oauth import TokenRefused, TokenRequest, grant_scopes
from xapi_lrs.core.permit import Kind
from xapi_lrs.core.tokens import AccessToken, sign_token
from xapi_lrs.services.entrance import Entry, admit


@dataclass(frozen=True, slots=True)
class Grant:
    access_token: str
    scopes: tuple[str, ...]
    seconds: int


def grant_access_token(
    entry: Entry | None,
    asked: TokenRequest,
    *,
    slug: str,
    now: datetime,
    lifetime: timedelta,
    server_secret: str,
) -> Grant:
    """A token for what `find_entry` found for the client; ends with the credential at the latest.

    Raises TokenRefused.
    """
    try:
        permit = admit(entry, asked.client, now=now, server_secret=server_secret)
    except NotAuthenticated as refused:
        raise TokenRefused("invalid_client", refused.message) from None
    except NotAllowed as refused:
        raise TokenRefused("unauthorized_client", refused.message) from None
    assert entry is not None  # noqa: S101  admit refuses that
    if entry.store_slug != slug:
        raise TokenRefused("invalid_client", "this credential opens another store")
    if permit.kind is not Kind.KEY:
        raise TokenRefused("unauthorized_client", "a launch token is used as it is")
    scopes = grant_scopes(asked.scopes, permit.scopes)
    ends = min(now + lifetime, entry.expires_at or now + lifetime)
    token = AccessToken(permit.key, scopes, int(ends.timestamp()))
    signed = sign_token(token, server_secret, entry.secret_hash)
    return Grant(signed, scopes, token.expires - int(now.timestamp()))
