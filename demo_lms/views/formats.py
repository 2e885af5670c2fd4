"""How points, moments and JSON look on a page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import format_datetime
from markupsafe import Markup


def init_app(app: Flask) -> None:
    app.add_template_filter(points)
    app.add_template_filter(moment)
    app.add_template_filter(pretty_json)
    app.add_template_filter(path)


def points(value: float) -> str:
    """75.0 → "75", 6.6667 → "6.67"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def moment(value: str) -> Markup:
    """An ISO text as a <time> element in UTC."""
    at = datetime.fromisoformat(value).astimezone(UTC)
    shown = format_datetime(at, "d MMM y, HH:mm:ss")
    return Markup('<time datetime="{}">{} UTC</time>').format(value, shown)


def path(address: str) -> str:
    """Path and query of an address; whose it is, is said beside it."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def pretty_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
