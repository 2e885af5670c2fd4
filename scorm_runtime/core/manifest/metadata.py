"""Title and description from the metadata (LOM), inside the manifest or in a file of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from scorm_runtime.core.manifest.elements import attribute, child, child_text, local_name, text
from scorm_runtime.core.manifest.errors import ManifestRefused
from scorm_runtime.core.manifest.files import Files
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.xml import parse_xml

ReadFile = Callable[[str], bytes]
"""The bytes of a file of the package, by its path."""
_STRINGS = ("langstring", "string")
_NO_LANGUAGE = "x-none"


@dataclass(frozen=True)
class Metadata:
    """What the catalogue shows; empty where the metadata say nothing."""

    title: str = ""
    description: str = ""
    language: str = ""


def read_metadata(
    root: etree._Element, files: Files, read_file: ReadFile | None, limits: ManifestLimits
) -> Metadata:
    """Inline metadata; what they lack comes from the file that `adlcp:location` names.

    Metadata are for people only: a file that is missing or unreadable is passed over.
    """
    inline = child(root, "metadata")
    found = Metadata() if inline is None else _read(inline)
    location = child_text(root, "metadata", "location")
    path = files.resolve(location).path if location else ""
    if found.description or not path or read_file is None:
        return found
    try:
        other, _ = parse_xml(read_file(path), path, limits)
    except ManifestRefused:
        return found
    more = _read(other)
    return Metadata(found.title or more.title, more.description, found.language or more.language)


def _read(metadata: etree._Element) -> Metadata:
    lom = child(metadata, "lom")
    general = child(metadata if lom is None else lom, "general")
    if general is None:
        return Metadata()
    title, language = _first_string(child(general, "title"))
    description, _ = _first_string(child(general, "description"))
    return Metadata(title, description, language)


def _first_string(element: etree._Element | None) -> tuple[str, str]:
    """Text and language of the first langstring (1.2) or string (2004)."""
    if element is None:
        return "", ""
    found = next((e for e in element if local_name(e.tag) in _STRINGS), element)
    language = attribute(found, "lang") or attribute(found, "language")
    return text(found), "" if language == _NO_LANGUAGE else language
