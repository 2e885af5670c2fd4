"""What the person at the terminal reads when everything answers."""

import sys
from collections.abc import Mapping
from pathlib import Path

_DEMO_ACCOUNTS = (
    ("administrator", "admin@demo.lectern.test"),
    ("teacher", "teacher@demo.lectern.test"),
    ("learner", "learner@demo.lectern.test"),
)
_DEMO_PASSWORD = "lectern-demo"  # noqa: S105 (printed on the first page, too)


def announcement(environment: Mapping[str, str], folder: Path, seconds: float) -> str:
    """A box with the addresses and the demo accounts; plain ASCII where the terminal needs it."""
    lines = [
        f"Lectern is running (started in {seconds:.1f} s).",
        "",
        f"  Portal     {environment['APP_URL']}",
        f"  Demo LMS   {environment['DEMO_LMS_URL']}/lms/",
        "",
        f"  Demo accounts, password {_DEMO_PASSWORD}:",
        *(f"    {role:<14} {email}" for role, email in _DEMO_ACCOUNTS),
        "",
        f"  Data and logs in {folder}",
        "  Stop with Ctrl-C.",
    ]
    return _box(lines)


def _box(lines: list[str]) -> str:
    width = max(len(line) for line in lines)
    try:
        "─│┌┐└┘".encode(sys.stdout.encoding or "ascii")
        across, down, corners = "─", "│", "┌┐└┘"
    except UnicodeEncodeError:
        across, down, corners = "-", "|", "++++"
    edge = across * (width + 2)
    body = [f"{down} {line:<{width}} {down}" for line in lines]
    top, bottom = f"{corners[0]}{edge}{corners[1]}", f"{corners[2]}{edge}{corners[3]}"
    return "\n".join([top, *body, bottom])
