"""Every setting is documented where people look for it."""

import re
from dataclasses import fields
from pathlib import Path

from lti_app.config import Config

README = Path(__file__).parents[2] / "README.md"


def test_every_setting_is_in_the_readme_and_every_setting_of_the_readme_exists():
    table = README.read_text().split("## Settings", 1)[1].split("\n## ", 1)[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    assert documented == {field.name.upper() for field in fields(Config)}


def test_every_setting_has_its_text_in_the_code():
    source = (Path(__file__).parents[2] / "lti_app" / "config.py").read_text()
    for field in fields(Config):
        assert re.search(rf'    {field.name}: \w+ = [^\n]*\n    """', source), field.name
