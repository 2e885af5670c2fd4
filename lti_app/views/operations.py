"""/health and /ready: is the process alive, and can it do its work?"""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from database.session import transaction
from lti_app import queue
from lti_app.security.guards import public
from lti_app.services import tenants

bp = Blueprint("operations", __name__)


@bp.get("/health")
@public("monitors have no account")
def health() -> ResponseReturnValue:
    """Alive: the process answers. Touches nothing else, so that a slow database restarts nobody."""
    return jsonify(status="alive")


@bp.get("/ready")
@public("load balancers have no account")
def ready() -> ResponseReturnValue:
    """Able to work: database migrated, queue reachable (a missing queue only delays jobs)."""
    checks = {"database": _database(), "queue": queue.state()}
    usable = checks["database"] == "ok"
    return jsonify(status="ready" if usable else "not ready", checks=checks), 200 if usable else 503


def _database() -> str:
    try:
        with transaction(None) as session:
            tenants.find_tenant_by_slug(session, current_app.config["LECTERN"].default_tenant)
    except Exception as error:
        current_app.logger.warning("ready_database_failed", exc_info=True)
        return type(error).__name__
    return "ok"
