"""Which requests have a session cookie at all: those of people, not those of the record store.

Reading, signing and keeping a session costs a tenth of a small statement's way, and its answer
would vary by cookie.
"""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

COOKIELESS = "/xapi/"


class NoSession(SecureCookieSession):
    """Empty, and whatever is put in is forgotten."""


class PortalSessions(SecureCookieSessionInterface):
    """Flask's signed cookie; below `COOKIELESS` a session that is empty and is not kept."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(COOKIELESS):
            return NoSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, NoSession):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = PortalSessions()
