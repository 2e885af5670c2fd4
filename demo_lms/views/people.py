"""Who is in front of the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, render_template, request, session
from flask_babel import gettext as _

from demo_lms.core.course import PEOPLE, Person, find_person
from demo_lms.state import launches
from demo_lms.views.parts import parts

SIGN_IN = "sign_in"
"""Name of the sign-in's id in the cookie."""


def find_signed_in() -> Person | None:
    """The person of this browser, or None."""
    if "person" not in g:
        sign_in_id = session.get(SIGN_IN)
        g.person = None
        if sign_in_id:
            with parts().store.reading() as state:
                g.person = find_person(launches.person_of(state, sign_in_id) or "")
    found: Person | None = g.person
    return found


def needs_person(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view gets the signed-in person first; without one the page asks who is there."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        person = find_signed_in()
        if person is None:
            return ask_who(_("Please choose a person first: nobody is signed in."), 401)
        return view(person, *args, **kwargs)

    return guarded


def needs_teacher(view: Callable[..., Any]) -> Callable[..., Any]:
    """As `needs_person`; students are told to be somebody else."""

    @wraps(view)
    @needs_person
    def guarded(person: Person, *args: Any, **kwargs: Any) -> Any:
        if not person.is_teacher:
            return ask_who(_("Only a teacher can do this."), 403)
        return view(person, *args, **kwargs)

    return guarded


def ask_who(notice: str = "", status: int = 200) -> Response:
    """The page on which a person is chosen; it leads back to where one wanted to go."""
    target = request.full_path.rstrip("?") if status in (401, 403) else ""
    page = render_template("sign_in.html", people=PEOPLE, notice=notice, target=target)
    return Response(page, status, mimetype="text/html")
