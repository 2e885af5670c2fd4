"""The settings of the server that `make run` has started, for commands typed beside it.

`flask package import …` in another terminal needs the addresses of the embedded servers; the
supervisor leaves them in the instance folder. Where DATABASE_URL is set nothing is read.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from database.servers.errors import ServerError
from database.servers.identity import server_identity
from lti_app.cli.instance import instance_folder

_FILE = "environment.json"


def record_environment(folder: Path, settings: Mapping[str, str]) -> None:
    """Leave `settings` in the instance folder, readable by its owner only."""
    unfinished = folder / f"{_FILE}.new"
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        json.dump(dict(settings), file, indent=1)
    unfinished.replace(folder / _FILE)


def known_environment(environ: Mapping[str, str]) -> Mapping[str, str]:
    """`environ`, completed with what `make run` left; `environ` wins."""
    if environ.get("DATABASE_URL"):
        return environ
    try:
        path = instance_folder(environ, server_identity()) / _FILE
        left = json.loads(path.read_text())
    except (ServerError, OSError, ValueError):
        return environ
    return {**left, **environ}
