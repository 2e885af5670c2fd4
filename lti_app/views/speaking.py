"""The language of pages whose address says who reads them: in a frame there is no session."""

from uuid import UUID

from flask import g
from flask_babel import refresh
from sqlalchemy.orm import Session

from lti_app.core.lti import claims as c
from lti_app.models.launch import Launch
from lti_app.models.user import User
from lti_app.services.wording import find_language


def speak_to(session: Session, user_id: UUID, launch: Launch | None = None) -> None:
    """From here on the answer is in the language that the person has chosen, else in the one that
    the platform asked for (`locale` of launch_presentation), where we have it."""
    user = session.get(User, user_id)
    chosen = find_language(user.locale or "") if user is not None else None
    if chosen is None and launch is not None:
        presentation = c.part(launch.claims, c.LAUNCH_PRESENTATION)
        chosen = find_language(c.text(presentation.get("locale"), 35))
    if chosen is not None:
        g.spoken_language = chosen
        refresh()  # a text may have been made already
