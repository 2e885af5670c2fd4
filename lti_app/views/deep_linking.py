"""Deep Linking: a teacher chooses content in the platform's frame, the browser takes it back.

The address is the permission: it names one request, and only the person who was asked gets it.
The answer is a form that posts itself to the platform; without JavaScript by its button.
"""

from datetime import UTC, datetime
from secrets import token_urlsafe

import structlog
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.lti.deep_linking import Choice, Told
from lti_app.core.lti.frame_token import FrameToken
from lti_app.security.guards import public
from lti_app.security.headers import allow_posting_anywhere
from lti_app.services import deep_linking
from lti_app.services.deep_linking import Answer, Request
from lti_app.views import picker
from lti_app.views.covers import cover_file
from lti_app.views.frame_pages import read_frame_page, refuse_over, show_in_frame

bp = Blueprint("deep_linking", __name__, url_prefix="/lti")
log = structlog.get_logger(__name__)

_GUARD = "the signed token in the path opens one request, for the teacher who was asked"


@bp.get("/deep-link/<token>")
@public(_GUARD)
def pick(token: str) -> ResponseReturnValue:
    """Search and choose."""
    page = read_frame_page("picker", token)
    with transaction(page.tenant_id) as session:
        asked = _get_request(session, page)
        return picker.show_pick(session, _purpose(asked, token))


@bp.get("/deep-link/<token>/options")
@public(_GUARD)
def options(token: str) -> ResponseReturnValue:
    """Say how each chosen item is linked."""
    page = read_frame_page("picker", token)
    with transaction(page.tenant_id) as session:
        purpose = _purpose(_get_request(session, page), token)
        chosen = picker.find_chosen(session, request.args.getlist("item"), purpose.settings)
        if not chosen:
            return redirect(url_for("deep_linking.pick", token=token))
        return picker.show_options(session, purpose, chosen)


@bp.post("/deep-link/<token>")
@public(_GUARD)
def answer(token: str) -> ResponseReturnValue:
    """Sign what was chosen and hand it to the browser."""
    page = read_frame_page("picker", token)
    with transaction(page.tenant_id) as session:
        asked = _get_request(session, page)
        purpose = _purpose(asked, token)
        chosen = picker.find_chosen(session, request.form.getlist("item"), purpose.settings)
        choices, errors = picker.read_choices(session, purpose, chosen)
        if errors:
            return picker.show_options(session, purpose, chosen, errors), 422
        told = Told(log=f"{len(choices)} chosen in Lectern") if choices else _nothing_chosen()
        made = _answer(session, asked, choices, told)
    return _post(made)


@bp.post("/deep-link/<token>/cancel")
@public(_GUARD)
def cancel(token: str) -> ResponseReturnValue:
    """Go back without anything (LTI-DL-15, LTI-DL-16)."""
    page = read_frame_page("picker", token)
    with transaction(page.tenant_id) as session:
        asked = _get_request(session, page)
        told = _nothing_chosen() if asked.settings.takes_links else _unusable(asked)
        made = _answer(session, asked, [], told)
    return _post(made)


@bp.get("/covers/<key>.svg")
@public("a drawing made from the name in its address, the same for everybody")
def cover(key: str) -> ResponseReturnValue:
    """What platforms show beside a link: the cover as a file of its own."""
    response = Response(cover_file(key), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=604800"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _get_request(session: Session, page: FrameToken) -> Request:
    asked = deep_linking.get_request(session, page.subject_id)
    if not deep_linking.may_choose(session, asked, page.user_id):
        refuse_over()
    show_in_frame(session, page)
    return asked


def _purpose(asked: Request, token: str) -> picker.Purpose:
    context = asked.context
    at_once = asked.settings.auto_create
    return picker.Purpose(
        blueprint="deep_linking",
        token=token,
        settings=asked.settings,
        title=_("Choose content for your course"),
        place=(context.title or context.label) if context else "",
        button=_("Add to the course") if at_once else _("Take it to the course"),
        note=""
        if at_once
        else _("Your platform shows you what you chose once more before it is added."),
    )


def _answer(session: Session, asked: Request, choices: list[Choice], told: Told) -> Answer:
    made = deep_linking.answer_request(
        session,
        asked,
        choices,
        told,
        app_url=current_app.config["LECTERN"].app_url,
        nonce=token_urlsafe(24),
        now=datetime.now(UTC),
    )
    log.info("lti_deep_link", items=made.item_count, request=str(asked.row.id))
    return made


def _post(made: Answer) -> ResponseReturnValue:
    allow_posting_anywhere()
    return render_template("lti/picker/answer.html", made=made)


def _nothing_chosen() -> Told:
    return Told(msg=_("Nothing was chosen."), log="cancelled in Lectern")


def _unusable(asked: Request) -> Told:
    accepted = ", ".join(asked.settings.accept_types)
    return Told(
        errormsg=_("Lectern has nothing of the kind that was asked for."),
        errorlog=f"accept_types has no ltiResourceLink: {accepted}",
    )
