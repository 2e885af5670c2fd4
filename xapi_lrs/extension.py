"""The store as a Flask extension: `XapiLrs().init_app(app, host=Host(...))`."""

from flask import Flask

from xapi_lrs.core.oauth import TokenRefused
from xapi_lrs.views.alternate import AlternateSyntax
from xapi_lrs.views.gate import refuse_oversized
from xapi_lrs.views.host import NAME, Host
from xapi_lrs.views.oauth import token_refusal
from xapi_lrs.views.rejections import watch
from xapi_lrs.views.routes import PREFIX, build_blueprint
from xapi_lrs.views.statement_door import StatementDoor
from xapi_lrs.views.statement_lane import LANE


class XapiLrs:
    """Serves /xapi/<store>/… on the application origin."""

    def init_app(self, app: Flask, *, host: Host) -> None:
        """Register the blueprint "xapi". It guards itself and knows no cookies: the host exempts
        it from CSRF protection."""
        app.extensions[NAME] = host
        blueprint = build_blueprint()
        blueprint.before_request(refuse_oversized)
        blueprint.register_error_handler(TokenRefused, token_refusal)
        watch(blueprint)
        app.register_blueprint(blueprint)
        inner, most = StatementDoor(app.wsgi_app, app), host.limits.body_bytes
        app.extensions[LANE] = inner
        app.wsgi_app = AlternateSyntax(inner, f"{PREFIX}/", most)  # type: ignore[method-assign]  # Flask's documented way
