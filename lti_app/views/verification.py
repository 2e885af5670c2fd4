"""Whether a certificate is genuine: for anybody who holds its number, without an account.

The number leads to its organisation whatever host name is asked. What is shown is what stands on
the paper; numbers cannot be guessed (75 bits), and guessing is slowed down besides.
"""

from datetime import UTC, datetime
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from content.core.badge import build_profile, build_revocations, issuer_url
from content.core.certificate import read_number
from content.models.certificate import Certificate
from content.services import certificates
from database.routing import find_tenant
from database.session import transaction
from lti_app.models.tenant import Tenant
from lti_app.rates import SharedRates
from lti_app.security.guards import public
from lti_app.services import badges
from lti_app.services.certifying import ROUTE
from xapi_lrs.core.rates import Rate
from xapi_lrs.services.rates import MemoryRates, Rates

bp = Blueprint("verification", __name__)

RATE = Rate(per_second=1.0, burst=60.0)
"""Questions from one address: one a second, sixty at once."""
_EXTENSION = "lectern.verification-rates"


@bp.get("/verify")
@public("a form for a number")
def index() -> ResponseReturnValue:
    """Where a number is typed in; with ?number= on to its page."""
    typed = request.args.get("number", "")[:60]
    if not typed:
        return render_template("verify/index.html", typed="", wrong=False)
    number = read_number(typed)
    if number is None:
        return render_template("verify/index.html", typed=typed, wrong=True), 422
    return redirect(url_for("verification.show", number=number), 303)


@bp.get("/verify/<number>")
@public("shows what stands on the certificate to who has its number; rate-limited")
def show(number: str) -> ResponseReturnValue:
    """Valid, expired, replaced, revoked with its reason, or not ours."""
    _slow_down()
    now = datetime.now(UTC)
    row = _find(number)
    if row is None:
        page = render_template("verify/unknown.html", number=number[:60])
        return page, 404, {"Cache-Control": "no-store"}
    page = render_template(
        "verify/certificate.html", certificate=row, state=row.state(now), now=now
    )
    # Not for search engines: a name stands on it.
    return page, 200, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@bp.get("/badges/<uuid:tenant_id>/issuer")
@public("the issuer's profile, named in every badge")
def issuer(tenant_id: UUID) -> ResponseReturnValue:
    """Open Badges 3.0, B.1.8 Profile."""
    with transaction(tenant_id) as session:
        organisation = _get_tenant(session, tenant_id).name
    app_url = current_app.config["LECTERN"].app_url
    return _open(jsonify(build_profile(app_url, tenant_id, organisation)))


@bp.get("/badges/<uuid:tenant_id>/jwks")
@public("public keys")
def keys(tenant_id: UUID) -> ResponseReturnValue:
    """Every key that has signed a badge of this organisation (RFC 7517 5)."""
    return _open(jsonify(keys=_list_keys(tenant_id)))


@bp.get("/badges/<uuid:tenant_id>/keys/<kid>")
@public("a public key")
def key(tenant_id: UUID, kid: str) -> ResponseReturnValue:
    """The one that a badge's `kid` names (RFC 7517 4)."""
    found = [jwk for jwk in _list_keys(tenant_id) if jwk["kid"] == kid]
    if not found:
        abort(404)
    return _open(jsonify(found[0]))


@bp.get("/badges/<uuid:tenant_id>/achievements/<uuid:course_id>")
@public("what the course is called, as every badge of it says")
def achievement(tenant_id: UUID, course_id: UUID) -> ResponseReturnValue:
    """To the course, for who may see it."""
    return redirect(url_for("learning.index"), 303)


@bp.get("/badges/<uuid:tenant_id>/revocations")
@public("ids and reasons of revoked badges, without names")
def revocations(tenant_id: UUID) -> ResponseReturnValue:
    """1EdTech Revocation List Status Method."""
    with transaction(tenant_id) as session:
        _get_tenant(session, tenant_id)
        revoked = certificates.list_revoked(session)
    app_url = current_app.config["LECTERN"].app_url
    address = f"{app_url}/badges/{tenant_id}/revocations"
    return _open(jsonify(build_revocations(address, issuer_url(app_url, tenant_id), revoked)))


def _find(typed: str) -> Certificate | None:
    number = read_number(typed)
    if number is None:
        return None
    with transaction(None) as session:
        tenant_id = find_tenant(session, ROUTE, number)
    if tenant_id is None:
        return None
    with transaction(tenant_id) as session:
        return certificates.find_by_number(session, number)


def _get_tenant(session: Session, tenant_id: UUID) -> Tenant:
    tenant = session.get(Tenant, tenant_id)
    if tenant is None:
        abort(404)
    return tenant


def _list_keys(tenant_id: UUID) -> list[dict[str, object]]:
    with transaction(tenant_id) as session:
        return badges.list_public_keys(session)


def _open(answer: Response) -> Response:
    answer.headers["Access-Control-Allow-Origin"] = "*"  # verifiers are pages of others
    return answer


def _slow_down() -> None:
    wait = _rates().take(f"verify:{request.remote_addr}", RATE)
    if wait > 0:
        abort(429)


def _rates() -> Rates:
    extensions = current_app.extensions
    if _EXTENSION not in extensions:
        url = current_app.config["LECTERN"].redis_url
        extensions[_EXTENSION] = SharedRates(url) if url else MemoryRates()
    found: Rates = extensions[_EXTENSION]
    return found
