"""Title and description from the metadata (LOM), inside the manifest or in a file of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.elements import (
    attribute,
    base_of,
    child,
    child_text,
    join,
    local_name,
    text,
)
from scorm_runtime.core.manifest.errors import ManifestRefused
from scorm_runtime.core.manifest.files import Files
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.report import Report
from scorm_runtime.core.manifest.xml import parse_xml

ReadFile = Callable[[str], bytes]
"""The bytes of a file of the package, by its path."""
_STRINGS = ("langstring", "string")
_NO_LANGUAGE = "x-none"
_MEANING = "The catalogue shows no description until somebody writes one."


@dataclass(frozen=True)
class Metadata:
    """What the catalogue shows; empty where the metadata say nothing."""

    title: str = ""
    description: str = ""
    language: str = ""


def read_metadata(
    root: etree._Element,
    files: Files,
    read_file: ReadFile | None,
    limits: ManifestLimits,
    report: Report,
) -> Metadata:
    """Inline metadata; what they lack comes from the file that `adlcp:location` names.

    Metadata are for people only: a file that is missing or unreadable is noted and passed over.
    """
    inline = child(root, "metadata")
    found = Metadata() if inline is None else _read(inline)
    location = child_text(root, "metadata", "location")
    if not location or found.description or read_file is None:
        return found
    path = files.resolve(join(base_of(root), location)).path or files.resolve(location).path
    if not path:
        message = f"The file with the metadata is not in the package: {location}"
        report.add(Level.NOTE, "metadata_missing", message, _MEANING, inline)
        return found
    try:
        other, _ = parse_xml(read_file(path), path, limits)
    except ManifestRefused as refusal:
        message = f"The metadata cannot be read: {refusal}"
        report.add(Level.NOTE, "metadata_unreadable", message, _MEANING, inline)
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
