"""The other end of a one-time link: an export, fetched once, by whoever holds the link."""

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from database.session import transaction
from lti_app.core.record_link import read_link
from lti_app.security.guards import public
from lti_app.services import record_jobs
from lti_app.views.admin.record_jobs import send_export

bp = Blueprint("record_files", __name__, url_prefix="/records")


@bp.get("/<token>")
@public("the signed token in the path opens one export, one time")
def fetch(token: str) -> ResponseReturnValue:
    """The file. A HEAD, as previews of links send it, does not use the link up."""
    now = datetime.now(UTC)
    link = read_link(current_app.config["SECRET_KEY"], token, now)
    if request.method == "HEAD":
        return Response(headers={"Cache-Control": "no-store"})
    with transaction(link.tenant_id) as session:
        row = record_jobs.use_link(session, link.job_id, link.number, now=now)
    return send_export(row)
