"""The SCORM run-time as a Flask extension: `ScormRuntime().init_app(app, host=…, storage=…)`."""

from flask import Flask

from scorm_runtime.storage.interface import Storage
from scorm_runtime.views.host import Host
from scorm_runtime.views.player import blueprint
from scorm_runtime.views.wiring import EXTENSION_KEY, Wiring


class ScormRuntime:
    """Registers the player's blueprint; it answers on the content origin only, which the host
    sees to (`lti_app/security/origins.py`)."""

    def init_app(self, app: Flask, *, host: Host, storage: Storage) -> None:
        """`host` is what the run-time asks of the application, `storage` holds package files."""
        app.extensions[EXTENSION_KEY] = Wiring(host=host, storage=storage)
        app.register_blueprint(blueprint)
