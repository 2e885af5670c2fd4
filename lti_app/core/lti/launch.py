"""The fixed order in which a launch is checked (LTI-B01 to B12, LTI-A01 to A32).

1. how it was posted (views): not in the query, not too large, a state, a token, no platform error
2. the state leads to a login of ours that is neither over nor used        `check_login`
3. form, algorithm, kid (id_token.parse_id_token), issuer, audience        `check_identity`
4. signature with the platform's key (id_token.verify_signature)
5. times, nonce, message, target                                           `check_content`
6. the browser is the one that logged in                                   `check_binding`
7. deployment, single use (services.launches, in one transaction)

Nothing is written before step 7 except the log; the first fault found is the reason given.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti_app.core.lti import claims as c
from lti_app.core.lti.id_token import (
    IdToken,
    check_audience,
    check_issuer,
    check_times,
    read_nonce,
)
from lti_app.core.lti.login import check_target
from lti_app.core.lti.message import verify_message
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.state import digest


@dataclass(frozen=True)
class Expected:
    """What the login row and its registration say about the token that must come."""

    issuer: str
    client_id: str
    nonce: str
    target_link_uri: str
    binding_hash: str
    expires_at: datetime
    is_consumed: bool
    is_active: bool
    """Whether the registration is switched on."""
    leeway_seconds: int
    supplies_link: bool = False
    """Where the token names no resource link, course and content stand for it (BB-11)."""
    other_issuers: frozenset[str] = frozenset()
    """Of the tenant's other registrations; asked for only to name a fault."""
    other_clients: frozenset[str] = frozenset()
    """Our other clients at this issuer; likewise."""


def check_login(expected: Expected, now: datetime, token_nonce: object) -> None:
    """The login is still open (LTI-A13, A19, A20); `token_nonce` is not believed yet."""
    if not expected.is_active:
        raise Refusal("registration_disabled", expected.issuer)
    if expected.is_consumed:
        same = isinstance(token_nonce, str) and hmac.compare_digest(
            token_nonce.encode("utf-8", "surrogatepass"), expected.nonce.encode()
        )
        raise Refusal("nonce_replayed" if same else "state_reused")
    if now >= expected.expires_at:
        late = (now - expected.expires_at).total_seconds()
        raise Refusal("state_expired", f"the login was over {late:.0f} s ago")


def check_identity(token: IdToken, expected: Expected) -> None:
    """Issuer and audience belong to the registration that the login was for."""
    issuer = token.claims.get("iss")
    is_registered = isinstance(issuer, str) and issuer in expected.other_issuers
    check_issuer(token.claims, expected.issuer, is_registered=is_registered)
    check_audience(token.claims, expected.client_id, other_clients=set(expected.other_clients))


@dataclass(frozen=True)
class Checked:
    """What `check_content` found on its way."""

    skew_ms: int
    nonce_is_ours: bool
    """False: the nonce is not this login's; the database knows whether it is another's."""


def check_content(token: IdToken, expected: Expected, now: datetime, app_url: str) -> Checked:
    """Times, message and target of a token whose signature is right."""
    claims: dict[str, Any] = token.claims
    skew = check_times(claims, now, expected.leeway_seconds)
    nonce = read_nonce(claims)
    if not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        return Checked(skew, nonce_is_ours=False)
    if expected.supplies_link:
        supply_link(claims)
    verify_message(claims)
    target = c.text(claims[c.TARGET_LINK_URI], 4000)
    check_target(target, app_url)
    if expected.target_link_uri and target != expected.target_link_uri:
        raise Refusal(
            "target_link_mismatch",
            f"login: {expected.target_link_uri[:200]!r}, token: {target[:200]!r}",
        )
    return Checked(skew, nonce_is_ours=True)


def supply_link(claims: dict[str, Any]) -> None:
    """Give a launch without `resource_link.id` one that is the same whenever the same content is
    opened in the same course; a course is needed for that (BB-11)."""
    context = c.text(c.part(claims, c.CONTEXT).get("id"), 120)
    link = c.part(claims, c.RESOURCE_LINK)
    if context and not c.text(link.get("id")):
        content = c.text(c.part(claims, c.CUSTOM).get("sc_item"), 120)
        claims[c.RESOURCE_LINK] = {**link, "id": f"of {context}: {content}"}


def check_binding(expected: Expected, secret: str | None, kept_in: str = "cookie") -> None:
    """This browser started the login (LTI-A17): what it kept is the login's secret.

    `kept_in` is "cookie" or "platform storage".
    """
    if not secret:
        raise Refusal("state_mismatch", f"no {kept_in}: blocked, or another browser")
    if not hmac.compare_digest(digest(secret), expected.binding_hash):
        raise Refusal("state_mismatch", f"the {kept_in} belongs to another login")
