"""adl.nav.request_valid.*, answered from the navigation document (SN 4th Ed. 5.6.4).

The document is what sequencing's look-ahead says is valid now (`core/run.py`, NavDocument); the
twin in the browser is `static/bridge/nav.js`.
"""

from collections.abc import Mapping
from typing import Any


def answer_validity(nav: Mapping[str, Any], request: str, target: str) -> str:
    """ "true", "false", or "unknown" where nothing is known about `request`.

    `nav["valid"]` decides where it is there: {"continue": bool, "previous": bool, "choice": [ids],
    "jump": [ids]}. Without it the controls do: a hidden one is valid unless "why" has its reason,
    because hiding is about the LMS's controls and not about requests.
    """
    valid = nav.get("valid", {})
    if request in valid:
        found = valid[request]
        return _word(found if isinstance(found, bool) else target in found)
    if request not in nav:
        return "unknown"
    found = nav[request]
    if request == "jump":
        return _word(target in found)
    state = found.get(target, "") if request == "choice" else found
    if state == "hidden":
        return _word((target or request) not in nav.get("why", {}))
    return _word(state == "enabled")


def _word(valid: object) -> str:
    return "true" if valid else "false"
