"""Where a tool posts the content that a teacher chose in it (Deep Linking 2.0, 4.5).

The post comes from inside a frame, so no cookie says who chose: the launch in the address does,
it was made for one teacher and is taken once.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from demo_lms.core.deep_linking import Choice, settings_of, verify_response
from demo_lms.core.errors import DeepLinkRefused
from demo_lms.core.personalities import PERSONALITIES
from demo_lms.state.clients import find_client
from demo_lms.state.courses import add_activity
from demo_lms.state.deep_links import get_expected, take_expected
from demo_lms.views.parts import parts
from demo_lms.views.tool_keys import verified

bp = Blueprint("deep_links", __name__)


@bp.post("/lti/deep-link/return")
def take_choice() -> str:
    """Verify the response and make the activities; the page then leaves the frame."""
    launch_id = request.args.get("launch", "")
    course, choice = _read_choice(launch_id)
    demo = parts()
    with demo.store.changing() as state:
        kept = get_expected(state, launch_id, demo.doors.now())
        take_expected(state, launch_id, demo.doors.now())
        client = find_client(state, demo.settings, kept["client_id"])
        if client is None:
            raise DeepLinkRefused("The tool is no longer registered.")
        made = [add_activity(state, client, course, item) for item in choice.items]
    told = {"lti_msg": choice.message, "lti_errormsg": choice.error}
    told = {name: text for name, text in told.items() if text}
    target = url_for("pages.course", number=course, **told, _external=False)
    return render_template("chosen.html", made=made, target=target)


def _read_choice(launch_id: str) -> tuple[str, Choice]:
    demo = parts()
    with demo.store.reading() as state:
        kept = get_expected(state, launch_id, demo.doors.now())
        client = find_client(state, demo.settings, kept["client_id"])
    text = request.form.get("JWT", "")
    if client is None or not text:
        raise DeepLinkRefused("The answer must be a form with the field JWT.")  # LTI-DL-18
    if request.args.get("course") != kept["course"]:
        raise DeepLinkRefused("The query of deep_link_return_url must be kept.")  # LTI-DL-19
    settings = settings_of(PERSONALITIES[kept["personality"]], "", launch_id)
    choice = verified(
        client,
        lambda find_key: verify_response(
            text,
            find_key,
            client=client,
            issuer=demo.settings.issuer,
            now=demo.doors.now(),
            settings=settings,
        ),
    )
    return kept["course"], choice
