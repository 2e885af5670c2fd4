"""What every view of this application reaches for."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from demo_lms.doors import Doors
from demo_lms.settings import Settings
from demo_lms.state.keys import PlatformKey
from demo_lms.state.store import Store


class ToolKeys:
    """The tools' public keys as last fetched, by the address of the key set; in memory only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, dict[str, Any]] = {}

    def cached(self, url: str) -> dict[str, Any]:
        with self._lock:
            return self._keys.get(url, {})

    def keep(self, url: str, keys: dict[str, Any]) -> None:
        with self._lock:
            self._keys[url] = keys


@dataclass(frozen=True)
class Parts:
    """One per application, at `app.extensions["demo_lms"]`."""

    settings: Settings
    doors: Doors
    store: Store
    key: PlatformKey
    tool_keys: ToolKeys = field(default_factory=ToolKeys)


def parts() -> Parts:
    """The parts of the application that answers this request."""
    found: Parts = current_app.extensions["demo_lms"]
    return found
