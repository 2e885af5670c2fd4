"""The LTI endpoints: /lti/login, /lti/launch, /lti/jwks.

How a launch is bound to the browser that began it (LTI-A17), and what happens without cookies:

1. /lti/login sets a cookie of its own for this login: Secure, HttpOnly, SameSite=None, Partitioned.
   /lti/launch wants it back. Without it nobody is let in, whatever the token says: a stranger
   could otherwise log a victim's browser in as himself and collect the victim's work.
2. A browser that refuses even partitioned cookies in frames must be found out BEFORE the platform
   is asked, because Moodle's (and the Demo LMS's) `lti_message_hint` works once only. So a login in
   a frame first goes through /lti/login/check, one redirect to ourselves, which looks whether the
   cookie came back. A visitor whose cookies have worked before (marker cookie) skips it, as does a
   login at the top level: then /lti/login answers with a plain 302 to the platform (LTI-L-14).
3. A platform that keeps data for tools (`lti_storage_target`, or a product that is known to) gets
   a page instead (lti_storage.py): where the cookie does not come back, the same secret is put into
   platform storage. /lti/launch, without a cookie, then holds the verified token and answers with
   a page that takes the secret out again, in the same frame, and posts it to /lti/launch/proof.
   Only there is the launch accepted. The page is the answer to the login itself, because any
   address of a second step could be opened in a stranger's browser.
4. Where neither works, a page offers a link that opens a new window with the same login. The window
   is at the top level, so the cookie is first-party; the hint is still unused; the platform itself
   checks that its user there is the one of the hint. No binding is loosened.
5. Should the cookie be missing only at /lti/launch, the refusal page offers the same link, which
   works where hints may be used again (Canvas), and says to open the activity again where not.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from database.session import transaction
from lti_app.config import Config
from lti_app.core.lti import launch as launch_rules
from lti_app.core.lti.login import (
    Initiation,
    authentication_request,
    check_target,
    parse_initiation,
)
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.state import build_state, encode, read_tenant
from lti_app.security.guards import public
from lti_app.security.tenancy import find_current_tenant
from lti_app.services import keys, logins, registrations
from lti_app.services.launches import Accepted
from lti_app.services.logins import Login
from lti_app.views import lti_messages, lti_pages, lti_rates, lti_storage
from lti_app.views.lti_arrival import (
    Arrival,
    ProofWanted,
    log_refusal,
    new_window_url,
    receive,
    receive_proof,
    refuse,
)
from lti_app.views.lti_cookies import (
    bind_browser,
    finish_cookies,
    is_marked,
    mark_teacher,
    read_binding,
)

bp = Blueprint("lti", __name__, url_prefix="/lti")
log = structlog.get_logger(__name__)

_STRANGER = "platforms send browsers here; nothing is believed before the token is verified"


@bp.route("/login", methods=["GET", "POST"])
@public(_STRANGER)
def login() -> ResponseReturnValue:
    """Third-party-initiated login by GET or POST (LTI-A27, LTI-A28)."""
    lti_rates.check_logins()
    lti_rates.check_refusals()
    try:
        return _begin_login(parse_initiation(request.values.to_dict()))
    except Refusal as refusal:
        lti_rates.count_refusal()
        log_refusal(refusal, issuer=request.values.get("iss", "")[:200])
        return lti_pages.refusal_page(refusal)


@bp.get("/login/check")
@public(_STRANGER)
def check() -> ResponseReturnValue:
    """Second step of a login in a frame: did the cookie come back? (see above, 2 and 3)"""
    state = request.args.get("state", "")
    try:
        with transaction(read_tenant(state)) as session:
            begun = logins.get_login(session, state)
        expected = logins.build_expected(begun, _config().lti_leeway_seconds)
        launch_rules.check_login(expected, datetime.now(UTC), None)
    except Refusal as refusal:
        log_refusal(refusal)
        return lti_pages.refusal_page(refusal)
    try:
        launch_rules.check_binding(expected, read_binding(state))
    except Refusal:
        log.info("lti_cookies_blocked", issuer=expected.issuer)
        return lti_pages.new_window_page(new_window_url(begun))
    return redirect(_platform_url(begun, state))


@bp.post("/launch")
@public(_STRANGER)
def launch() -> ResponseReturnValue:
    """The platform's answer: an id_token, or an error."""
    return _launch(Arrival(), receive)


@bp.post("/launch/proof")
@public(_STRANGER)
def prove() -> ResponseReturnValue:
    """What the launch's frame has found in platform storage; once for each launch."""
    return _launch(Arrival(), receive_proof)


@bp.get("/login/cookie")
@public("says only what the asking browser sent")
def cookie() -> ResponseReturnValue:
    """For the page of a login: whether its cookie comes back."""
    return jsonify(kept=read_binding(request.args.get("state", "")) is not None)


def _launch(arrival: Arrival, step: Callable[[Arrival], Accepted]) -> ResponseReturnValue:
    lti_rates.check_refusals()
    try:
        accepted = step(arrival)
    except ProofWanted:
        assert arrival.login is not None  # noqa: S101  a token is held for it
        return lti_storage.proof_page(arrival.login, arrival.state, new_window_url(arrival.login))
    except Refusal as refusal:
        lti_rates.count_refusal()
        return refuse(arrival, refusal)
    log.info(
        "lti_launch",
        result="accepted",
        reason=accepted.problem,
        launch=str(accepted.launch_id),
        payload=arrival.payload,
    )
    assert arrival.tenant_id is not None  # noqa: S101  accepted launches have one
    answer = current_app.make_response(
        lti_messages.answer(accepted, arrival.tenant_id, datetime.now(UTC))
    )
    if accepted.is_teacher:
        mark_teacher(answer, arrival.tenant_id, accepted.user_id)
    return finish_cookies(answer, arrival.state)


@bp.get("/launch")
@public("explains itself to people who open the address by hand")
def explain() -> ResponseReturnValue:
    """GET never launches (LTI-A23), and is no bare 405 either (GEN-2)."""
    if "id_token" in request.args:
        refusal = Refusal("id_token_in_query")
        log_refusal(refusal)
        return lti_pages.refusal_page(refusal)
    return lti_pages.explanation_page()


@bp.get("/closed")
@public("says goodbye where the platform gave no address to go back to")
def closed() -> ResponseReturnValue:
    """Where Exit leads when the launch had no return_url."""
    return lti_pages.closed_page()


@bp.get("/jwks")
@public("a key set is public")
def host_keys() -> ResponseReturnValue:
    """The public keys of the tenant of this host name, the default one's where it leads to none.

    Never those of several tenants: a platform believes whatever a key of the set has signed, and
    another tenant may register our client's id and token address under an issuer of its own.
    """
    tenant = find_current_tenant()
    return _key_set(_tenant_keys(tenant.id) if tenant else [])


@bp.get("/jwks/<uuid:tenant_id>")
@public("a key set is public")
def tenant_keys(tenant_id: UUID) -> ResponseReturnValue:
    """The public keys of one tenant; what the page of platforms shows."""
    return _key_set(_tenant_keys(tenant_id))


def _begin_login(initiation: Initiation) -> ResponseReturnValue:
    check_target(initiation.target_link_uri, _config().app_url)
    binding = encode(token_bytes(32))
    with transaction(None) as session:
        route = registrations.enter_tenant(session, initiation.issuer, initiation.client_id)
        state = build_state(route.tenant_id, token_bytes(32))
        begun = logins.start_login(
            session,
            initiation,
            client_id=route.client_id,
            state=state,
            nonce=encode(token_bytes(32)),
            binding=binding,
            now=datetime.now(UTC),
        )
    log.info("lti_login", issuer=initiation.issuer, checked=_may_lack_cookies())
    answer: Any
    if _may_lack_cookies() and logins.may_use_storage(begun):
        page = lti_storage.store_page(
            begun, state, binding, next_url=_platform_url(begun, state), retry=new_window_url(begun)
        )
        answer = current_app.make_response(page)
    elif _may_lack_cookies():
        answer = redirect(url_for("lti.check", state=state))
    else:
        answer = redirect(_platform_url(begun, state))
    bind_browser(answer, state, binding)
    return answer


def _may_lack_cookies() -> bool:
    """In a frame whose cookies have not been seen to work; old Safari does not tell (PAIN-01)."""
    if is_marked():
        return False
    destination = request.headers.get("Sec-Fetch-Dest")
    if destination is not None:
        return destination in ("iframe", "frame", "embed", "object")
    return request.user_agent.string.startswith("Mozilla/")


def _platform_url(begun: Login, state: str) -> str:
    return authentication_request(
        begun.registration.auth_login_url,
        client_id=begun.registration.client_id,
        redirect_uri=f"{_config().app_url}{url_for('lti.launch')}",
        state=state,
        nonce=begun.row.nonce,
        login_hint=begun.row.login_hint,
        lti_message_hint=begun.row.lti_message_hint,
    )


def _tenant_keys(tenant_id: UUID) -> list[dict[str, Any]]:
    with transaction(tenant_id) as session:
        return keys.list_public_keys(session)


def _key_set(jwks: list[dict[str, Any]]) -> ResponseReturnValue:
    response = jsonify(keys=jwks)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _config() -> Config:
    config: Config = current_app.config["LECTERN"]
    return config
