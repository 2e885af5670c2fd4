"""Every message that platform and tool exchanged, for people to read."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from demo_lms.core.messages import KINDS
from demo_lms.state.messages import newest_messages
from demo_lms.views.parts import parts

bp = Blueprint("messages", __name__)

PAGE = 60

NAMES = {
    "login_initiation": _l("Login initiation"),
    "authentication_request": _l("Authentication request"),
    "id_token": _l("Launch (id_token)"),
    "login_error": _l("Login error"),
    "token": _l("Access token"),
    "keys": _l("Key set"),
    "line_items": _l("Line items"),
    "scores": _l("Score"),
    "results": _l("Results"),
    "memberships": _l("Names and roles"),
    "deep_linking_response": _l("Content chosen"),
    "registration": _l("Registration"),
}


@bp.get("/lms/messages")
def show() -> str:
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else None
    before = request.args.get("before", type=int)
    with parts().store.reading() as state:
        found = newest_messages(state, kind)
        counts = {name: len(newest_messages(state, name)) for name in KINDS}
    older = [message for message in found if before is None or message["id"] < before]
    return render_template(
        "messages.html",
        messages=older[:PAGE],
        more=len(older) > PAGE,
        kind=kind,
        names=NAMES,
        counts=counts,
        total=sum(counts.values()),
    )
