"""`flask i18n …`: bring the catalogues up to date with the code, and say what they lack."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from flask.cli import AppGroup

from lti_app.cli.instance import CHECKOUT
from lti_app.services.wording import LANGUAGES, SOURCES

i18n = AppGroup("i18n", help="The catalogues of translations.")
_KEYWORDS = ("_l", "N_", "lazy_gettext")


@i18n.command("update")
def update() -> None:
    """Extract all texts of the code and bring every catalogue up to date; adds missing ones."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        for language in LANGUAGES:
            if language != "en":
                _bring_up_to_date(template, language)
    report.callback()  # type: ignore[misc]  # a command's own function


@i18n.command("report")
def report() -> None:
    """How much of the code's texts each catalogue has; English is shown for the rest."""
    for language, missing, total in list_missing():
        share = 100 if not total else 100 * (total - len(missing)) // total
        click.echo(f"{language}: {total - len(missing)} of {total} ({share} %)")


@i18n.command("missing")
@click.argument("language", type=click.Choice([name for name in LANGUAGES if name != "en"]))
def missing(language: str) -> None:
    """List what LANGUAGE lacks."""
    for name, lacking, _total in list_missing():
        if name == language:
            for message in lacking:
                click.echo(repr(message.id))


def extract(target: Path) -> None:
    """Write the template of all texts."""
    keywords = [part for word in _KEYWORDS for part in ("-k", word)]
    options = ["--no-wrap", "--sort-by-file", "--add-location=file", "--project=Lectern"]
    with contextlib.chdir(CHECKOUT):  # so that the places named are those in the checkout
        _babel("extract", "-F", "babel.cfg", *keywords, *options, "-o", target, ".")


def list_missing() -> Iterator[tuple[str, list[Message], int]]:
    """(language, messages without a translation, all messages)."""
    for path in sorted(SOURCES.glob("*/LC_MESSAGES/messages.po")):
        language = path.parts[-3]
        with path.open("rb") as file:
            catalogue: Catalog = read_po(file, locale=language)
        messages = [message for message in catalogue if message.id]
        lacking = [message for message in messages if not is_translated(message)]
        yield language, lacking, len(messages)


def _bring_up_to_date(template: Path, language: str) -> None:
    is_there = (SOURCES / language / "LC_MESSAGES" / "messages.po").exists()
    options = ["--no-fuzzy-matching", "--ignore-obsolete"] if is_there else []
    verb = "update" if is_there else "init"
    _babel(verb, "-i", template, "-d", SOURCES, "-l", language, "--no-wrap", *options)


def is_translated(message: Message) -> bool:
    """Whether every form of it is there."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms)


def _babel(*arguments: object) -> None:
    run: Callable[[list[str]], object] = CommandLineInterface().run
    run(["pybabel", "-q", *(str(each) for each in arguments)])
