"""Around every call of the tool to a service: the fault it meets, and its line in the log.

before: take a fault → answer falsely at once, or let the view run
after:  write the message → hold the answer, or close the connection, when the fault says so
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request

from demo_lms.core.faults import Fault
from demo_lms.core.messages import describe_body, describe_fields, describe_headers
from demo_lms.state.faults import take_fault
from demo_lms.state.messages import add_message
from demo_lms.views.parts import parts

KINDS = {
    # Flask endpoint: (kind of message, name of the endpoint that faults know)
    "token.give": ("token", "token"),
    "authorize.key_set": ("keys", None),
    "ags.list_line_items": ("line_items", None),
    "ags.create_line_item": ("line_items", None),
    "ags.show": ("line_items", None),
    "ags.replace": ("line_items", None),
    "ags.delete": ("line_items", None),
    "ags.post_score": ("scores", "scores"),
    "ags.list_results": ("results", None),
    "memberships.list_members": ("memberships", None),
    "registration.configuration": ("registration", None),
    "registration.register": ("registration", None),
    "deep_links.take_choice": ("deep_linking_response", None),
}

FALSE_ANSWERS = {
    # mode: status and body; `record_then_hang` has none because the view runs
    "http_500": (500, "The Demo LMS fails on purpose."),
    "http_429": (429, "Too many requests, says the Demo LMS on purpose."),
    "timeout": (504, "The Demo LMS answered too late on purpose."),
    "refuse": (503, ""),
}


def init_app(app: Flask) -> None:
    app.before_request(_misbehave)
    app.after_request(_keep)


def described_request() -> dict[str, Any]:
    """The request as the log shows it."""
    form = request.form.to_dict() if request.mimetype == "application/x-www-form-urlencoded" else {}
    body = describe_fields(form) if form else describe_body(request.get_data(as_text=True))
    return {"headers": describe_headers(request.headers.items()), "body": body}


def request_address() -> str:
    """The address under the issuer's name, with its query."""
    return parts().settings.issuer + request.full_path.rstrip("?")


def _misbehave() -> Response | None:
    kind, fault_name = KINDS.get(request.endpoint or "", (None, None))
    if kind is None:
        return None
    request.get_data(cache=True)
    if fault_name is None:
        return None
    with parts().store.changing() as state:
        g.fault = take_fault(state, fault_name)
    if g.fault is None or g.fault.mode not in FALSE_ANSWERS:
        return None
    status, body = FALSE_ANSWERS[g.fault.mode]
    answer = Response(body, status, mimetype="text/plain")
    if g.fault.mode == "http_429":
        answer.headers["Retry-After"] = str(round(g.fault.seconds))
    return answer


def _keep(response: Response) -> Response:
    kind, _fault_name = KINDS.get(request.endpoint or "", (None, None))
    if kind is None:
        return response
    fault: Fault | None = g.get("fault")
    closed = fault is not None and fault.mode == "refuse"
    with parts().store.changing() as state:
        add_message(
            state,
            parts().doors.now(),
            kind=kind,
            sender="tool",
            method=request.method,
            endpoint=request_address(),
            request=described_request(),
            answer=None if closed else _described(response),
            fault=fault.mode if fault else None,
        )
    if closed:
        parts().doors.close_connection(request.environ)
    elif fault is not None and fault.mode in ("timeout", "record_then_hang"):
        parts().doors.sleep(fault.seconds)
    return response


def _described(response: Response) -> dict[str, Any]:
    return {
        "status": response.status_code,
        "reason": response.status.partition(" ")[2],
        "headers": describe_headers(response.headers.items()),
        "body": describe_body(response.get_data(as_text=True)),
    }
