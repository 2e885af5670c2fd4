"""Catalogues can be read, and a translation names what its English text names. What is not
translated yet is counted by `flask i18n report`, and shown in English."""

import re

import pytest
from babel.messages.pofile import read_po

from lti_app.core.ags import REASONS
from lti_app.services.items import KINDS
from lti_app.services.wording import LANGUAGES, SOURCES
from scorm_runtime.core.situations import SITUATIONS
from scorm_runtime.services.attempts import OBSTACLES

CATALOGUES = sorted(SOURCES.glob("*/LC_MESSAGES/messages.po"))
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")


def test_there_is_a_catalogue_for_every_language():
    assert {path.parts[-3] for path in CATALOGUES} == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_can_be_read_and_its_placeholders_agree(path):
    """A missing name would be an error page, a foreign one too."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3], abort_invalid=True)
    wrong = []
    for message in catalogue:
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = {name for source in sources for name in _PLACEHOLDER.findall(source)}
        for form in filter(None, forms if message.id else ()):
            named = set(_PLACEHOLDER.findall(form))
            # A plural form may leave its number out ("one", "two" of Arabic).
            if not named <= allowed or allowed - named - {"%(num)s"} or _stray(form, message):
                wrong.append(f"{message.id!r}: {form!r}")
    assert wrong == []


def _stray(form: str, message) -> bool:
    """A per cent sign that would be read as a placeholder."""
    return bool(message.python_format) and "%" in _PLACEHOLDER.sub("", form)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_texts_that_stand_in_tables_are_in_the_catalogues(path):
    """Pages translate them by `_(table[code])`: what nothing has collected would stay English."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    said = {*REASONS.values(), *OBSTACLES.values(), *(kind.label for kind in KINDS.values())}
    for situation in SITUATIONS.values():
        said |= {situation.sentence, situation.advice}
    assert [text for text in sorted(said - {""}) if text not in catalogue] == []


def test_pages_say_no_bare_per_cent_sign():
    """In templates every text is a format, names or not: "about % are" would be one with "% a"."""
    texts = re.compile(r"""\b_\(\s*(?:"([^"]*)"|'([^']*)')""")
    wrong = [
        f"{path.name}: {said}"
        for folder in ("lti_app", "scorm_runtime")
        for path in (SOURCES.parents[1] / folder).glob("templates/**/*.html")
        for pair in texts.findall(path.read_text(encoding="utf-8"))
        if "%" in _PLACEHOLDER.sub("", said := pair[0] or pair[1])
    ]
    assert wrong == []
