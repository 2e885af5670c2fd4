"""The player's own modules, styles and data-model tables: /runtime/<path>.

Served as written, no bundler (DESIGN decision 8). "no-cache" with an ETag: after an update the
modules of one page are all of one version.
"""

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory
from flask.typing import ResponseReturnValue

_ROOT = Path(__file__).parents[1]
_TABLES = {"elements_1_2.json", "elements_2004.json"}
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


def register(blueprint: Blueprint) -> None:
    blueprint.get("/runtime/<path:path>")(runtime_file)


def runtime_file(path: str) -> ResponseReturnValue:
    """A file of `static/`, or a table of `core/cmi/`."""
    if path in _TABLES:
        return _protect(send_from_directory(_ROOT / "core" / "cmi", path))
    media_type = _TYPES.get(Path(path).suffix)
    if media_type is None:
        abort(404)
    return _protect(send_from_directory(_ROOT / "static", path, mimetype=media_type))


def _protect(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
