"""The application's one storage for files (packages and uploads), for views, jobs and commands."""

from typing import cast

from flask import Flask, current_app

from lti_app.config import Config
from scorm_runtime.storage.interface import Storage
from scorm_runtime.storage.local import LocalStorage

_KEY = "lectern.storage"


def init_app(app: Flask, config: Config) -> Storage:
    """Open the storage below LECTERN_DATA and answer it."""
    storage = LocalStorage(config.data_folder / "files")
    app.extensions[_KEY] = storage
    return storage


def storage() -> Storage:
    """The running application's storage."""
    return cast(Storage, current_app.extensions[_KEY])
