"""The application's one storage for files (packages and uploads), for views, jobs and commands."""

from typing import cast

from flask import Flask, current_app

from lti_app.config import Config
from scorm_runtime.storage.interface import Storage
from scorm_runtime.storage.local import LocalStorage

_KEY = "lectern.storage"


def init_app(app: Flask, config: Config) -> None:
    """Open the storage below LECTERN_DATA."""
    app.extensions[_KEY] = LocalStorage(config.data_folder / "files")


def storage_of(app: Flask) -> Storage:
    """The storage of `app`."""
    return cast(Storage, app.extensions[_KEY])


def storage() -> Storage:
    """The running application's storage."""
    return storage_of(current_app)
