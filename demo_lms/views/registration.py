"""Dynamic Registration 1.0: a tool's address is pasted, the tool does the rest in a frame.

page ─► frame: tool?openid_configuration=…&registration_token=… ─► GET configuration
tool ─► POST registration ─► client ─► tool's page says org.imsglobal.lti.close ─► this page
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from demo_lms.core.course import Person
from demo_lms.core.errors import RegistrationRefused
from demo_lms.core.json_text import parse_json
from demo_lms.core.registration import (
    parse_registration,
    platform_configuration,
    show_registration,
)
from demo_lms.state import clients
from demo_lms.state.manner import present_manner
from demo_lms.views.errors import PageRefused
from demo_lms.views.parts import parts
from demo_lms.views.people import needs_teacher

bp = Blueprint("registration", __name__)


@bp.get("/lms/register-tool")
@needs_teacher
def ask(_person: Person) -> str:
    """The registered tools, and where the next one's address is pasted."""
    with parts().store.reading() as state:
        found = clients.clients_of(state, parts().settings)
    return render_template("register_tool.html", tools=found)


@bp.post("/lms/register-tool")
@needs_teacher
def begin(_person: Person) -> str:
    """The tool's registration page in a frame, with what it needs in the query."""
    address = request.form.get("address", "").strip()
    parts_of_address = urlsplit(address)
    if parts_of_address.scheme not in ("http", "https") or not parts_of_address.netloc:
        raise PageRefused(400, _("This is no address"), _("Paste the tool's registration URL."))
    query = urlencode(invitation())
    separator = "&" if parts_of_address.query else "?"
    return render_template("registering.html", address=f"{address}{separator}{query}")


@bp.post("/lms/register-tool/<client_id>/activate")
@needs_teacher
def activate(_person: Person, client_id: str) -> BaseResponse:
    with parts().store.changing() as state:
        clients.activate(state, client_id)
    return redirect(url_for("registration.ask"), 303)


@bp.post("/lms/api/registration")
def invite_for_tests() -> Response:
    """What the frame's query would hold."""
    return jsonify(invitation())


def invitation() -> dict[str, str]:
    """openid_configuration and, where the product sends one, registration_token."""
    demo = parts()
    token = demo.doors.random_text()
    query = {"openid_configuration": f"{demo.settings.issuer}/lti/openid-configuration"}
    with demo.store.changing() as state:
        if not present_manner(state).personality.registration.token:
            return query
        clients.invite(state, token, _new_client_id(), demo.doors.now())
    return query | {"registration_token": token}


@bp.get("/lti/openid-configuration")
def configuration() -> Response:
    demo = parts()
    with demo.store.reading() as state:
        manner = present_manner(state)
        invited = clients.is_invited(state, _bearer(), demo.doors.now())
    if manner.personality.registration.token_for_configuration and not invited:
        raise RegistrationRefused(401, "missing_registration_token")
    return jsonify(platform_configuration(demo.settings.issuer, manner))


@bp.post("/lti/registration")
def register() -> tuple[Response, int]:
    """Keep the tool. A refused try does not use the token up."""
    demo = parts()
    try:
        body = parse_json(request.get_data())
    except ValueError as error:
        raise RegistrationRefused(400, "invalid_json") from error
    with demo.store.changing() as state:
        manner = present_manner(state)
        rules = manner.personality.registration
        client_id = _new_client_id()
        if rules.token:
            client_id = clients.use_invitation(state, _bearer(), demo.doors.now())
        deployment = manner.personality.deployment.format(number=clients.next_number(state))
        client = parse_registration(body, manner, client_id=client_id, deployment_id=deployment)
        clients.keep_client(state, client)
    return jsonify(show_registration(body, client)), 200


def _bearer() -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


def _new_client_id() -> str:
    return f"demo-{parts().doors.random_text()[:15]}"
