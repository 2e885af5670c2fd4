"""The page on which the platform is told whom to play."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from demo_lms.core.manner import parse_manner
from demo_lms.core.personalities import PERSONALITIES
from demo_lms.state.manner import set_manner
from demo_lms.views.parts import parts

bp = Blueprint("personality", __name__)

CHOICES = {
    "privacy": (
        _l("What a launch says of people"),
        {
            "public": _l("Name and e-mail"),
            "name_only": _l("Name only"),
            "email_only": _l("E-mail only"),
            "anonymous": _l("Neither"),
        },
    ),
    "grades": (
        _l("Line items"),
        {
            "manage": _l("The tool may make its own"),
            "read": _l("The tool may use those it finds"),
            "none": _l("No grades at all"),
        },
    ),
    "audience": (
        _l("Audience of the id_token"),
        {
            "text": _l("One text"),
            "array": _l("A list of one"),
            "several": _l("A list of several, with azp"),
        },
    ),
    "context": (
        _l("Course in the launch"),
        {"true": _l("Yes"), "false": _l("No context, no grades, no roster")},
    ),
}


@bp.get("/lms/personality")
def show() -> str:
    return render_template(
        "personality.html",
        personalities=PERSONALITIES.values(),
        choices=CHOICES,
        saved="saved" in request.args,
    )


@bp.post("/lms/personality")
def change() -> Response:
    manner = parse_manner(request.form.to_dict())
    with parts().store.changing() as state:
        set_manner(state, manner)
    return redirect(url_for("personality.show", saved=1), 303)


@bp.get("/lms/storage")
def storage() -> str:
    """The frame that keeps data for tools which have no cookies (Platform Storage 1.0)."""
    return render_template("storage.html")
