"""The page on which the platform is told to misbehave."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from demo_lms.core.faults import parse_fault
from demo_lms.state.faults import present_fault, set_fault
from demo_lms.views.parts import parts

bp = Blueprint("faults", __name__)

MODES = {
    "ok": (_l("All is well"), _l("Every request is served as it should be.")),
    "http_500": (_l("Server error"), _l("Answers 500; nothing is recorded.")),
    "http_429": (
        _l("Too many requests"),
        _l("Answers 429 and asks by Retry-After to wait the seconds below."),
    ),
    "timeout": (
        _l("Too slow"),
        _l("Holds the answer for the seconds below; nothing is recorded."),
    ),
    "refuse": (_l("No answer"), _l("Closes the connection; nothing is recorded.")),
    "record_then_hang": (
        _l("Recorded, but too slow"),
        _l("Records the score, then holds the answer for the seconds below."),
    ),
}


@bp.get("/lms/faults")
def show() -> str:
    with parts().store.reading() as state:
        fault = present_fault(state)
    return render_template("faults.html", fault=fault, modes=MODES, saved="saved" in request.args)


@bp.post("/lms/faults")
def change() -> Response:
    fault = parse_fault({**request.form.to_dict(), "endpoints": request.form.getlist("endpoints")})
    with parts().store.changing() as state:
        set_fault(state, fault)
    return redirect(url_for("faults.show", saved=1), 303)
