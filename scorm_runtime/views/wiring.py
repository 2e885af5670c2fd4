"""What `init_app` was given, for the views."""

from dataclasses import dataclass

from flask import current_app

from scorm_runtime.storage.interface import Storage
from scorm_runtime.views.host import Host

EXTENSION_KEY = "scorm_runtime"


@dataclass(frozen=True)
class Wiring:
    host: Host
    storage: Storage


def wiring() -> Wiring:
    """The extension's parts for the running application."""
    found = current_app.extensions[EXTENSION_KEY]
    assert isinstance(found, Wiring)  # noqa: S101  only init_app sets it
    return found
