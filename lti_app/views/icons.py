"""Icons: single symbols of the Bootstrap Icons sprite that Bootstrap-Flask ships, put inline.

The sprite weighs a megabyte; a page needs a dozen of its two thousand symbols.
"""

import re
from functools import cache
from pathlib import Path

import flask_bootstrap
from markupsafe import Markup

_SPRITE = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/icons/bootstrap-icons.svg"

_TURNS = re.compile(r"(left|right)\b")
"""What points the other way where people read from the right."""


@cache
def icon(name: str) -> Markup:
    """Decorative `<svg>` of the symbol `name`: hidden from screen readers, sized by its text."""
    found = re.search(rf'<symbol [^>]*id="{re.escape(name)}"[^>]*>(.*?)</symbol>', _sprite(), re.S)
    if found is None:
        raise LookupError(f"Bootstrap Icons have no {name!r}")
    shape = found[1]
    turns = " icon-turns" if _TURNS.search(name) else ""
    return Markup(  # noqa: S704  from a file of a package we install
        f'<svg class="icon{turns}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f"{shape}</svg>"
    )


@cache
def _sprite() -> str:
    return _SPRITE.read_text(encoding="utf-8")
