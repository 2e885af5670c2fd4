# ruff: noqa: T201  a command: it prints for people
"""`make conformance LRS=…`: ADL's suite against a fresh server, both versions, twice each.

python -m tests.conformance CHECKOUT [STATEMENTS]

CHECKOUT is a folder with the suite in which `npm install` has run; nothing of it is part of this
project. With STATEMENTS the store holds so many before the first run.
"""

import sys
import tempfile
from pathlib import Path

from tests.conformance.server import fresh_lrs
from tests.conformance.stock import stock
from tests.conformance.suite import VERSIONS, Result, SuiteBroken, run_suite

RUNS = 2


def main(arguments: list[str]) -> int:
    """0 when every run passed every test."""
    if not arguments or not (Path(arguments[0]) / "bin/console_runner.js").is_file():
        print("Name a checkout of ADL's suite: make conformance LRS=/path/to/checkout")
        return 2
    checkout, before = Path(arguments[0]).resolve(), int((*arguments, "0")[1])
    with tempfile.TemporaryDirectory(prefix="lectern-conformance-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL may run as another account
        with fresh_lrs(folder) as endpoint:
            stock(endpoint, before)
            try:
                results = [
                    show(run_suite(checkout, endpoint, version))
                    for _ in range(RUNS)
                    for version in VERSIONS
                ]
            except SuiteBroken as broken:
                print(broken)
                return 1
    return 0 if all(result.is_good for result in results) else 1


def show(result: Result) -> Result:
    """Print what was counted and what failed."""
    counts = f"{result.passed} of {result.total} passed, {result.total - result.passed} failed"
    print(f"xAPI {result.version}: {counts}, {result.seconds:.0f} s", flush=True)
    for failure in result.failures:
        print(f"  {failure}", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
