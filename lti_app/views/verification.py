"""Whether a certificate is genuine: for anybody who holds its number, without an account.

The number leads to its organisation whatever host name is asked. What is shown is what stands on
the paper; numbers cannot be guessed (75 bits), and guessing is slowed down besides.
"""

from datetime import UTC, datetime

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from content.core.certificate import read_number
from content.models.certificate import Certificate
from content.services import certificates
from database.routing import find_tenant
from database.session import transaction
from lti_app.rates import SharedRates
from lti_app.security.guards import public
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
