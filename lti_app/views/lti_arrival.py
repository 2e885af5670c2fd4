"""A launch on its way in: read, checked in the fixed order, accepted or refused and logged."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from database.session import transaction
from lti_app.core.lti import id_token as jwt_rules
from lti_app.core.lti import launch as launch_rules
from lti_app.core.lti.message import LaunchMessage, read_message
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.state import digest, read_tenant
from lti_app.logs import trace_id
from lti_app.platform_client.key_sets import KEY_SETS
from lti_app.services import launches, logins
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


def receive(arrival: Arrival) -> Accepted:
    """The order of lti_app.core.lti.launch; raises Refusal."""
    text = _read_post(arrival)
    now, config = datetime.now(UTC), current_app.config["LECTERN"]
    token = jwt_rules.parse_id_token(text)
    arrival.payload = digest(text)[:16]
    assert arrival.login is not None  # noqa: S101  _read_post raises without one
    with transaction(arrival.tenant_id) as session:
        expected = logins.build_expected(session, arrival.login, config.lti_leeway_seconds)
    launch_rules.check_login(expected, now, token.claims.get("nonce"))
    launch_rules.check_identity(token, expected)
    key = KEY_SETS.get_key(arrival.login.registration.jwks_url, token.kid)  # network
    jwt_rules.verify_signature(token, key)
    arrival.claims = token.claims
    checked = launch_rules.check_content(token, expected, now, config.app_url)
    arrival.skew_ms = checked.skew_ms
    if not checked.nonce_is_ours:
        with transaction(arrival.tenant_id) as session:
            raise logins.explain_nonce(session, str(token.claims["nonce"]), now)
    arrival.message = read_message(token.claims)
    launch_rules.check_binding(expected, read_binding(arrival.state))
    verified = Verified(arrival.message, token.claims, checked.skew_ms)
    with transaction(arrival.tenant_id) as session:
        return launches.accept_launch(
            session, arrival.login, verified, now=now, trace_id=trace_id()
        )


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
            arrival.login = logins.get_login(session, arrival.state)
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
    }
    query = urlencode({name: value for name, value in values.items() if value is not None})
    return f"{url_for('lti.login')}?{query}"
