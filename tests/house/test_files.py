"""The house stays as it was drawn."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("lti_app", "scorm_runtime", "xapi_lrs", "content", "demo_lms", "database", "migrations")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}
LONGEST = 330
"""Lines of a file; a little more than the 300 of the style, so that a comment may be added."""


def sources(suffix: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", f"*{suffix}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).exists()]


def test_every_package_has_its_readme():
    assert [name for name in PACKAGES if not (ROOT / name / "README.md").is_file()] == []


def test_every_init_file_is_empty():
    full = [p for p in sources("__init__.py") if p.read_text().strip()]
    assert full == []


def test_no_file_is_named_after_nothing():
    assert [p for p in sources(".py") if p.stem in FORBIDDEN_NAMES] == []


def test_files_stay_short_enough_to_read():
    long = {
        str(p.relative_to(ROOT)): lines
        for p in [*sources(".py"), *sources(".js")]
        if (lines := len(p.read_text().splitlines())) > LONGEST
    }
    assert long == {}
