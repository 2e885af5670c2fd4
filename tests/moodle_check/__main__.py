# ruff: noqa: T201  a command: it prints for people
"""`make moodle-check MOODLE=…`: our tool against a running Moodle, in a browser.

python -m tests.moodle_check MOODLE REGISTRATION [--admin name:password] [--teacher …] [--student …]

REGISTRATION is the one-time link that Lectern gives under Platforms › Connect a platform. Both
must be reachable by this browser and by each other. Nothing is removed at the end.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import running_browser
from tests.moodle_check.moodle import Account, MoodleSite
from tests.moodle_check.steps import Check
from tests.moodle_check.tool import Lectern


def account(text: str) -> Account:
    """ "name:password" """
    name, _, password = text.partition(":")
    return Account(name, password)


def read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make moodle-check")
    parser.add_argument("moodle", help="address of the Moodle site")
    parser.add_argument("registration", help="one-time registration address of the tool")
    parser.add_argument(
        "--content", default="quiz", help="what to search for in the picker: a SCORM 1.2 package"
    )
    parser.add_argument("--course", default="2", help="number of a course with both people in it")
    for person, default in (
        ("admin", "admin:Admin-1234"),
        ("teacher", "teacher1:Teacher-1234"),
        ("student", "student1:Student-1234"),
    ):
        parser.add_argument(f"--{person}", type=account, default=account(default))
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """0 when every step went well."""
    chosen = read(arguments)
    failed = False
    with (
        tempfile.TemporaryDirectory(prefix="lectern-moodle-check-") as profile,
        sync_playwright() as playwright,
        running_browser(playwright, Path(profile)) as running,
    ):
        people = {name: getattr(chosen, name) for name in ("admin", "teacher", "student")}
        site = MoodleSite(
            chosen.moodle.rstrip("/"), running.browser, course=chosen.course, **people
        )
        for result in Check(site, Lectern(chosen.registration, chosen.content)).run():
            failed = failed or bool(result.failure)
            print(f"{'FAILED' if result.failure else 'ok':6}  {result.step}", flush=True)
            if result.failure:
                print(f"        {result.failure}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
