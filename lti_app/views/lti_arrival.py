"""A launch on its way in: read, checked in the fixed order, accepted or refused and logged."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from database.session import transaction
from lti_app.core.lti import id_token as jwt_rules
from lti_app.core.lti import launch as launch_rules
from lti_app.core.lti.anonymous import is_anonymous, stand_in
from lti_app.core.lti.login import NEW_WINDOW
from lti_app.core.lti.message import LaunchMessage, read_message
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.state import digest, read_tenant
from lti_app.logs import trace_id
from lti_app.platform_client.key_sets import KEY_SETS
from lti_app.services import launches, logins, registrations
from lti_app.services.launches import Accepted, Verified
from lti_app.services.logins import Login
from lti_app.views import lti_pages
from lti_app.views.lti_cookies import read_binding

log = structlog.get_logger(__name__)

MAX_BODY = jwt_rules.MAX_TOKEN_BYTES + 32 * 1024


@dataclass
class Arrival:
    """What is known so far of the launch being checked, for the log of a refusal."""

    state: str = ""
    payload: str = ""
    """Names the token in the log line without telling it (LTI-P4)."""
    tenant_id: UUID | None = None
    login: Login | None = None
    claims: dict[str, Any] | None = field(default=None, repr=False)
    """Only once the signature was right."""
    message: LaunchMessage | None = field(default=None, repr=False)
    skew_ms: int | None = None
    expected: launch_rules.Expected | None = None
    """What the token must say; read together with the login."""


class ProofWanted(Exception):
    """All is right but the cookie is not there, and the platform may have kept the secret."""


def receive(arrival: Arrival) -> Accepted:
    """The order of lti_app.core.lti.launch; raises Refusal, or ProofWanted with the token held."""
    text = _read_post(arrival)
    assert arrival.login is not None  # noqa: S101  _read_post raises without one
    cookie = read_binding(arrival.state)
    if cookie is None and logins.may_use_storage(arrival.login):
        _verify(arrival, text)
        with transaction(arrival.tenant_id) as session:
            logins.hold_token(session, arrival.login.row.id, text)
        raise ProofWanted
    rung = "new_window" if arrival.login.row.is_new_window else "cookie"
    return _accept(arrival, text, cookie, rung)


def receive_proof(arrival: Arrival) -> Accepted:
    """Second step: the token that was held, with what the frame found in platform storage."""
    request.max_content_length = MAX_BODY
    arrival.state = request.form.get("state", "")
    arrival.tenant_id = read_tenant(arrival.state)
    with transaction(arrival.tenant_id) as session:
        text = logins.take_held_token(session, _find_login(arrival, session))
    assert arrival.login is not None  # noqa: S101  found above
    if text is None:
        used = arrival.login.row.consumed_at is not None
        raise Refusal("state_reused" if used else "id_token_missing", "no launch waits for a proof")
    return _accept(arrival, text, request.form.get("proof"), "platform_storage")


def _find_login(arrival: Arrival, session: Session) -> Login:
    """The login of the state and what its token must say, in one go; raises Refusal."""
    arrival.login = logins.get_login(session, arrival.state)
    config = current_app.config["LECTERN"]
    arrival.expected = logins.build_expected(
        arrival.login, config.lti_leeway_seconds, supplies_links=bool(config.lti_without_link)
    )
    return arrival.login


def _accept(arrival: Arrival, text: str, secret: str | None, rung: str) -> Accepted:
    expected = _verify(arrival, text)
    kept_in = "platform storage" if rung == "platform_storage" else "cookie"
    launch_rules.check_binding(expected, secret, kept_in)
    assert arrival.login is not None  # noqa: S101  as above
    assert arrival.message is not None  # noqa: S101  set by _verify
    verified = Verified(arrival.message, arrival.claims or {}, arrival.skew_ms or 0, rung)
    with transaction(arrival.tenant_id) as session:
        return launches.accept_launch(
            session, arrival.login, verified, now=datetime.now(UTC), trace_id=trace_id()
        )


def _verify(arrival: Arrival, text: str) -> launch_rules.Expected:
    """All checks but that of the browser; raises Refusal."""
    now, config = datetime.now(UTC), current_app.config["LECTERN"]
    token = jwt_rules.parse_id_token(text)
    arrival.payload = digest(text)[:16]
    assert arrival.login is not None  # noqa: S101  found before
    assert arrival.expected is not None  # noqa: S101  read with it
    expected = arrival.expected
    launch_rules.check_login(expected, now, token.claims.get("nonce"))
    _check_identity(arrival, token, expected)
    key = KEY_SETS.get_key(arrival.login.registration.jwks_url, token.kid)  # network
    jwt_rules.verify_signature(token, key)
    token = _name_nobody(arrival, token)
    arrival.claims = token.claims
    checked = launch_rules.check_content(token, expected, now, config.app_url)
    arrival.skew_ms = checked.skew_ms
    if not checked.nonce_is_ours:
        with transaction(arrival.tenant_id) as session:
            raise logins.explain_nonce(session, str(token.claims["nonce"]), now)
    arrival.message = read_message(token.claims)
    return expected


def _check_identity(
    arrival: Arrival, token: jwt_rules.IdToken, expected: launch_rules.Expected
) -> None:
    """What the tenant has besides this registration is asked for only to name a fault."""
    try:
        launch_rules.check_identity(token, expected)
    except Refusal:
        assert arrival.login is not None  # noqa: S101  found before
        with transaction(arrival.tenant_id) as session:
            all_known = logins.name_others(session, arrival.login, expected)
        launch_rules.check_identity(token, all_known)
        raise


def _name_nobody(arrival: Arrival, token: jwt_rules.IdToken) -> jwt_rules.IdToken:
    """A verified token without a person gets a stand-in, where the tenant wants that (LTI-B12)."""
    assert arrival.login is not None  # noqa: S101  found before
    if not is_anonymous(token.claims):
        return token
    with transaction(arrival.tenant_id) as session:
        if not registrations.allows_anonymous(session):
            return token  # refused a few steps later, with its reason
    return replace(token, claims=stand_in(token.claims, arrival.login.row.id))


def _read_post(arrival: Arrival) -> str:
    """The id_token as posted; finds the login on the way."""
    if "id_token" in request.args:
        raise Refusal("id_token_in_query")
    request.max_content_length = MAX_BODY
    try:
        form = request.form
    except RequestEntityTooLarge:
        raise Refusal("token_too_large", "the posted form is too large") from None
    arrival.state = form.get("state", "")
    if arrival.state:
        arrival.tenant_id = read_tenant(arrival.state)
        with transaction(arrival.tenant_id) as session:
            _find_login(arrival, session)
    if form.get("error"):
        raise Refusal("platform_error", lti_pages.clean_error(form["error"]))
    if not arrival.state:
        raise Refusal("state_missing")
    if not form.get("id_token"):
        raise Refusal("id_token_missing")
    return form["id_token"]


def refuse(arrival: Arrival, refusal: Refusal) -> ResponseReturnValue:
    """Log a refused launch (a row where the login is known) and show why."""
    log_refusal(refusal, payload=arrival.payload)
    if arrival.login is not None:
        with transaction(arrival.tenant_id) as session:
            launches.record_refusal(
                session,
                refusal,
                login=arrival.login,
                claims=arrival.claims,
                message=arrival.message,
                skew_ms=arrival.skew_ms,
                trace_id=trace_id(),
            )
    retry = arrival.login if refusal.code == "state_mismatch" and arrival.message else None
    return lti_pages.refusal_page(refusal, new_window_url(retry) if retry else None)


def log_refusal(refusal: Refusal, **about: str) -> None:
    log.warning(
        "lti_launch", result="refused", reason=refusal.log_code, detail=refusal.detail, **about
    )


def new_window_url(begun: Login) -> str:
    """The same login again, for a window of its own."""
    row, registration = begun.row, begun.registration
    values = {
        "iss": registration.issuer,
        "client_id": registration.client_id,
        "login_hint": row.login_hint,
        "lti_message_hint": row.lti_message_hint,
        "lti_deployment_id": row.lti_deployment_id,
        "target_link_uri": row.target_link_uri or None,
        NEW_WINDOW: "1",
    }
    query = urlencode({name: value for name, value in values.items() if value is not None})
    return f"{url_for('lti.login')}?{query}"
