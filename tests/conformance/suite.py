"""One run of ADL's conformance suite (github adlnet/lrs-conformance-test-suite) and what it found.

The suite's exit status says little: it passed when it counts as many tests passed as there are.
XP-46
"""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance.server import Endpoint

VERSIONS = ("1.0.3", "2.0.0")

LONGEST = 900.0
"""Seconds; a test that waits for an answer that does not come hangs for ever. XP-45"""

_LOG = re.compile(r"Full run log written to (\S+)")


class SuiteBroken(Exception):
    """It did not run to its end."""


@dataclass(frozen=True)
class Result:
    version: str
    total: int
    passed: int
    seconds: float
    failures: tuple[str, ...]
    """Names of the tests that failed, with what they said."""

    @property
    def is_good(self) -> bool:
        return 0 < self.total == self.passed


def run_suite(checkout: Path, endpoint: Endpoint, version: str) -> Result:
    """Raises SuiteBroken when it hangs or breaks off."""
    credential = ["-a", "-u", endpoint.key, "-p", endpoint.secret]
    command = ["node", "bin/console_runner.js", "-x", version, "-e", endpoint.url, *credential]
    try:
        done = subprocess.run(
            command, cwd=checkout, capture_output=True, text=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        raise SuiteBroken(f"{version} was not done after {LONGEST:.0f} s") from None
    written = _LOG.search(done.stdout)
    if written is None:
        raise SuiteBroken(f"{version} wrote no log:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    log = json.loads(Path(written[1]).read_text())
    summary = log["summary"]
    failures = tuple(_failures(log["log"]))
    seconds = log["duration"] / 1000
    return Result(version, summary["total"], summary["passed"], seconds, failures)


def _failures(test: dict[str, Any]) -> Iterator[str]:
    """The innermost tests that failed."""
    inside = [one for one in test.get("tests") or () if one["status"] == "failed"]
    if inside:
        for one in inside:
            yield from _failures(one)
    elif test["status"] == "failed":
        yield f"{test['title']}: {test.get('error') or 'no reason given'}"
