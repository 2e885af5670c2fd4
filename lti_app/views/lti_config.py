"""/lti/config.json: what Canvas reads when an administrator enters a tool by its address."""

from uuid import UUID

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from database.session import transaction
from lti_app.core.lti.tool_description import CLAIMS, build_canvas_config
from lti_app.models.tenant import Tenant
from lti_app.security.guards import public
from lti_app.security.tenancy import find_current_tenant
from lti_app.views.tool_facts import TOOL_NAME, build_tool

bp = Blueprint("lti_config", __name__, url_prefix="/lti")

_WHY_PUBLIC = "says what every platform is told, and nothing of anybody"
REGIONS = ("us-east-1", "us-west-2", "ca-central-1", "eu-west-1", "eu-central-1", "ap-southeast-1")
"""Where hosted Canvas lives, as far as its login names it; all lead to the same address of ours."""


@bp.get("/config.json")
@public(_WHY_PUBLIC)
def host_config() -> ResponseReturnValue:
    """Of the tenant of this host name, the default one's where it leads to none (CANVAS-10)."""
    return _config(find_current_tenant())


@bp.get("/config/<uuid:tenant_id>.json")
@public(_WHY_PUBLIC)
def tenant_config(tenant_id: UUID) -> ResponseReturnValue:
    """Of one tenant; what the page of platforms shows."""
    with transaction(None) as session:
        return _config(session.get(Tenant, tenant_id))


def _config(tenant: Tenant | None) -> ResponseReturnValue:
    """`?privacy=` is one of Canvas's four levels (CANVAS-11), `?name=` another name of the tool."""
    privacy = request.args.get("privacy", "public")
    if tenant is None or not tenant.is_active or privacy not in CLAIMS:
        abort(404)
    name = request.args.get("name", "").strip()[:80] or TOOL_NAME
    answer = jsonify(build_canvas_config(build_tool(tenant, name=name, privacy=privacy), REGIONS))
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
