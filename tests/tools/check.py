# ruff: noqa: T201  a command: it prints for people
"""`make test`: every check there is, each with its name and time, and a summary at the end.

python -m tests.tools.check                 everything
python -m tests.tools.check lint types      only these steps
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.tools.chromium import chromium_path
from tests.tools.missing import Missing
from tests.tools.node import prepare_node

CHECKOUT = Path(__file__).resolve().parents[2]
_PYTHON = (sys.executable, "-m")
_SUMMARY_LINES = 8
_AT_ONCE = ("-n", "2", "--no-loadscope-reorder") if (os.cpu_count() or 1) > 1 else ()
"""How pytest is shared between processes: tests/tools/lanes.py."""
_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"


@dataclass(frozen=True)
class Step:
    """One command; `needs` names what must be there first: "node", "chromium"."""

    name: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    wordy: bool = False
    """It prints a line for every test: shown whole only when it fails."""


STEPS = (
    Step("lint", (*_PYTHON, "ruff", "check", ".")),
    Step("format", (*_PYTHON, "ruff", "format", "--check", ".")),
    Step("imports", (sys.executable, "-c", _IMPORTS)),
    Step("types", (*_PYTHON, "mypy")),
    Step("js-types", ("node", "node_modules/typescript/bin/tsc", "--project", "."), ("node",)),
    Step("js-tests", ("node", "--test", "tests/js/"), ("node",), wordy=True),
    Step("pytest", (*_PYTHON, "pytest", "-q", *_AT_ONCE), ("node", "chromium")),
)


def main(names: list[str]) -> int:
    """Run the named steps (all without names); returns 0 when every one passed."""
    steps = [step for step in STEPS if not names or step.name in names]
    if unknown := set(names) - {step.name for step in STEPS}:
        print(f"no such step: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    try:
        prepare({need for step in steps for need in step.needs}, environment)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    results = [(step.name, *run(step, environment)) for step in steps]
    print("\nSummary")
    for name, passed, seconds in results:
        print(f"  {name:<10} {'passed' if passed else 'FAILED':<7} {seconds:7.1f} s")
    failed = [name for name, passed, _ in results if not passed]
    print(f"Failed: {', '.join(failed)}" if failed else "All passed.")
    return 1 if failed else 0


def prepare(needs: set[str], environment: dict[str, str]) -> None:
    """Get Node and a browser where a step needs them; raises Missing."""
    if "node" in needs:
        prepare_node(environment)
    if "chromium" in needs:
        environment["LECTERN_CHROMIUM"] = chromium_path(environment)
        print(f"Browser: {environment['LECTERN_CHROMIUM']}")


def run(step: Step, environment: dict[str, str]) -> tuple[bool, float]:
    """Run one step with its output on the terminal: whether it passed, and its seconds."""
    print(f"\n== {step.name}", flush=True)
    began = time.monotonic()
    program = shutil.which(step.command[0], path=environment.get("PATH")) or step.command[0]
    output = subprocess.PIPE if step.wordy else None
    answer = subprocess.run(
        [program, *step.command[1:]], cwd=CHECKOUT, env=environment, stdout=output, text=True
    )
    code = answer.returncode
    if step.wordy:
        print("\n".join(answer.stdout.splitlines()[-_SUMMARY_LINES if code == 0 else 0 :]))
    seconds = time.monotonic() - began
    print(
        f"== {step.name}: {'passed' if code == 0 else f'FAILED ({code})'} in {seconds:.1f} s",
        flush=True,
    )
    return code == 0, seconds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
