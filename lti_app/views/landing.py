"""The first page: what Lectern is, and where to go."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lti_app.security.guards import public

bp = Blueprint("landing", __name__)


@bp.get("/")
@public("says what Lectern is; nothing of any tenant is on it")
def index() -> ResponseReturnValue:
    """What a newcomer sees."""
    return render_template("portal/landing.html")
