"""How two processes share the tests: one drives browsers and whole servers, first of all and one
after the other, so that no two of them wait for each other; the other takes file after file."""

import re

from xdist.scheduler import LoadScopeScheduling

BROWSERS = "browsers and whole servers"
_HEAVY = re.compile(r"/(browser|chaos|cts_browser|journeys|moodle_check|stack)/|browser\w*\.py")


def lane_of(nodeid: str) -> str:
    """What is never shared between two processes: a file, or all that drives browsers."""
    path = nodeid.partition("::")[0]
    return BROWSERS if _HEAVY.search(path) else path


class Lanes(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Lanes in the order of collection; tests/conftest.py puts the browsers' in front."""

    def _split_scope(self, nodeid: str) -> str:
        return lane_of(nodeid)
