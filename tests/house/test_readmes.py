"""READMEs say where: what they name is there."""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from tests.house.test_files import ROOT, sources

READMES = [path for path in sources("README.md") if "vendor" not in path.parts]
_ENDINGS = (".py", ".md", ".json", ".js", ".css", ".sh", ".html", ".yaml", ".toml", "/")
NOT_HERE = {
    "logs/",  # in the instance folder
    "state.json",  # written by the Demo LMS
    "0006_what_it_does.py",  # an example
}


def named_paths(readme: Path) -> set[str]:
    """What stands in backticks and looks like a path of ours."""
    words = re.findall(r"`([\w./-]+)`", readme.read_text())
    return {w for w in words if w.endswith(_ENDINGS) and not w.startswith(("/", ".")) and w != "/"}


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_readme_names_exists(readme: Path):
    """Counted from its own folder, one above or one below."""
    above = [folder for folder in readme.parents if folder.is_relative_to(ROOT)]
    missing = [
        name
        for name in named_paths(readme) - NOT_HERE
        if not any((folder / name).exists() for folder in above)
        and not (readme.parent != ROOT and any(readme.parent.rglob(name)))
    ]
    assert missing == []


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_flask_command_that_a_readme_names_exists(readme: Path, app: Flask):
    for line in re.findall(r"flask ((?:[a-z0-9-]+ ?){1,2})", readme.read_text()):
        first, *more = line.split()
        command = app.cli.get_command(click.Context(app.cli), first)
        assert command is not None, line
        if isinstance(command, click.Group):
            assert more, line
            assert more[0] in command.commands, line
