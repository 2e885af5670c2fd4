"""How two processes share the tests: what starts whole servers, and what else drives browsers, go
first and each one after the other, because they mostly wait; the rest is shared file by file."""

import re

from xdist.scheduler import LoadScopeScheduling

SERVERS = "whole servers"
BROWSERS = "browsers"
FIRST = (SERVERS, BROWSERS)
_PATHS = {
    SERVERS: re.compile(r"/(journeys|moodle_check|stack)/"),
    BROWSERS: re.compile(r"/(browser|chaos|cts_browser)/|browser\w*\.py"),
}


def lane_of(nodeid: str) -> str:
    """What is never shared between two processes: one of FIRST, or a file."""
    path = nodeid.partition("::")[0]
    return next((name for name in FIRST if _PATHS[name].search(path)), path)


def turn_of(nodeid: str) -> int:
    """Where its lane stands among the others: what takes longest begins first."""
    lane = lane_of(nodeid)
    return FIRST.index(lane) if lane in FIRST else len(FIRST)


class Lanes(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Lanes in the order of collection, which tests/conftest.py has sorted."""

    def _split_scope(self, nodeid: str) -> str:
        return lane_of(nodeid)
