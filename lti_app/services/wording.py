"""The languages that Lectern speaks, its catalogues, and words outside a request.

Catalogues (`lti_app/translations/<language>/LC_MESSAGES/messages.po`) are texts under version
control. What programs read is made from them at the start, below LECTERN_DATA, and anew when a
text has changed: nobody has to remember to, and the code's own folder may be read-only.
"""

import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}
"""Language to its own name; English is what is written in the code."""
SOURCES = Path(__file__).parents[1] / "translations"
_NAME, _ISOLATED = re.compile(r"%\(\w+\)s"), "\u2068\\g<0>\u2069"
_FRENCH_SPACE = re.compile(" (?=[:;!?»])|(?<=«) ")
_WITHOUT_ISOLATES = {0x2068: None, 0x2069: None}
_places = {"compiled": SOURCES}


def prepare_catalogues(folder: Path) -> Path:
    """Bring the compiled catalogues in `folder` up to date and read from there from now on."""
    for source in sorted(SOURCES.glob("*/LC_MESSAGES/messages.po")):
        target = folder / source.relative_to(SOURCES).with_suffix(".mo")
        if not _is_newer(target, source):
            _compile(source, target)
    _places["compiled"] = folder
    _catalogue.cache_clear()
    return folder


def nearest_language(tag: str) -> str:
    """The language of LANGUAGES that "de-AT" or "DE" comes nearest to; "en" for others."""
    return find_language(tag) or "en"


def find_language(tag: str) -> str | None:
    """The same; None for others."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else None


def say(language: str, text: str, **values: object) -> str:
    """`text` in `language`, its placeholders filled."""
    # For paper, whose fonts have no shapes for what steers the direction.
    translated = str(_catalogue(language).ugettext(text)).translate(_WITHOUT_ISOLATES)
    return translated % values if values else translated


def direction_of(language: str) -> str:
    """ "ltr" or "rtl"."""
    try:
        return str(Locale.parse(language).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


@lru_cache(maxsize=8)
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(_places["compiled"], [language])


def _is_newer(target: Path, source: Path) -> bool:
    # Not "newer than": a checkout of an older release gives files an older or a newer date.
    return target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3])
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        said = tuple(_set(source.parts[-3], str(form or "")) for form in forms)
        message.string = said if isinstance(message.string, tuple) else said[0]
    target.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may start at once: each writes its own file and puts it into place.
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as written:
        write_mo(written, catalogue)
    changed = source.stat().st_mtime_ns
    os.utime(written.name, ns=(changed, changed))
    Path(written.name).replace(target)


def _set(language: str, text: str) -> str:
    """`text` as a compositor sets it."""
    # With every name apart, "«House plants»" in an Arabic sentence keeps its order, its marks and
    # its place (Unicode Standard Annex 9, 2.5 Explicit Directional Isolates).
    if direction_of(language) == "rtl":
        return _NAME.sub(_ISOLATED, text)
    # No line begins with a colon, or ends with an opening quotation mark.
    return _FRENCH_SPACE.sub("\u00a0", text) if language == "fr" else text
