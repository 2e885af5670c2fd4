"""One language of a language map, by what a client prefers (RFC 9110 12.5.4; RFC 4647 3).

A preference is a list of language ranges, the dearest first, as `parse_accept_language` gives it.
"""

import re
from collections.abc import Sequence

_RANGE = re.compile(
    r"\s*(?P<range>\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*"
    r"(?:;\s*[qQ]\s*=\s*(?P<quality>[01](?:\.\d{0,3})?)\s*)?"
)
_MOST = 50
"""Ranges of a header that are read."""


def parse_accept_language(header: str | None) -> tuple[str, ...]:
    """Ranges in lower case, best quality first, without those of quality 0; what cannot be read is
    passed over. XP-42"""
    found: list[tuple[float, str]] = []
    for part in (header or "").split(",")[:_MOST]:
        match = _RANGE.fullmatch(part)
        if match is not None:
            quality = float(match["quality"] or 1)
            if quality > 0:
                found.append((-quality, match["range"].lower()))
    return tuple(name for _, name in sorted(found, key=lambda pair: pair[0]))


def choose_language(tags: Sequence[str], preferred: Sequence[str]) -> str:
    """One of `tags`, which are not empty: the first range that anything fits decides; where none
    does, the first tag."""
    names = {tag.lower(): tag for tag in reversed(tags)}
    for wanted in preferred:
        if wanted == "*":
            return tags[0]
        found = _fit(names, wanted)
        if found is not None:
            return found
    return tags[0]


def _fit(names: dict[str, str], wanted: str) -> str | None:
    """The range itself, what is narrower (en: en-US), then what is wider (en-US: en, en-GB)."""
    while True:
        if wanted in names:
            return names[wanted]
        for name, tag in reversed(names.items()):
            if name.startswith(f"{wanted}-"):
                return tag
        wanted, dash, _ = wanted.rpartition("-")
        if not dash:
            return None
