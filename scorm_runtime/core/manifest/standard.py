"""Which standard a manifest was written for."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from scorm_runtime.core.editions import FOURTH, edition_of
from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.elements import attribute, child_text, local_name
from scorm_runtime.core.manifest.errors import CommonCartridge, OldScorm, UnknownStandard
from scorm_runtime.core.manifest.model import Standard
from scorm_runtime.core.manifest.report import Report

_NAMESPACES_2004 = ("adlcp_v1p3", "adlseq_v1p3", "adlnav_v1p3", "imsss", "imscp_v1p1")
_EDITION = re.compile(r"2004|\bcam 1\.3\b|^1\.3$", re.I)


def read_standard(root: etree._Element) -> tuple[Standard, str, list[Finding]]:
    """The standard, the schema version as written, and what had to be guessed.

    What the metadata say counts (CAM 1.2: 2.3.2.2; CAM 2004: 3.4.1.2), then the namespaces.
    """
    schema = child_text(root, "metadata", "schema")
    version = child_text(root, "metadata", "schemaversion")
    namespaces = _namespaces(root)
    if "common cartridge" in schema.lower() or "imsccv" in namespaces:
        raise CommonCartridge(detail=f"{schema} {version}".strip())
    if _EDITION.search(version):
        return Standard.SCORM_2004, version, []
    if version == "1.2" or (version.startswith("1.2") and "scorm" in f"{schema}{version}".lower()):
        return Standard.SCORM_1_2, version, []
    if version in ("1.0", "1.1") and "scorm" in schema.lower():
        raise OldScorm(detail=f"{schema} {version}")
    standard = _by_namespace(namespaces)
    said = f"{schema} {version}".strip()
    if standard is None and not _has_scorm_types(root):
        if not said or "ims content" in schema.lower() or "ims cp" in schema.lower():
            return Standard.SCORM_1_2, f"{IMS_CP} {version}".strip(), [_PAGES_ONLY]
        raise UnknownStandard(detail=said)
    if said and standard is None and "ims content" not in schema.lower():
        raise UnknownStandard(detail=said)
    standard = standard or Standard.SCORM_1_2
    says = f"says {said!r}" if said else "says nothing"
    message = f"The manifest {says} about its standard."
    done = f"It was read as {_NAMES[standard]}."
    return standard, version, [Finding(Level.REPAIRED, "standard_guessed", message, done=done)]


def note_later_editions(root: etree._Element, schema_version: str, report: Report) -> None:
    """What the 4th Edition has brought, in a manifest that says it is of an earlier one."""
    if edition_of(schema_version) >= FOURTH:
        return
    for element in root.iter("{*}data", "{*}objectives", "{*}completionThreshold"):
        used = _LATER.get(local_name(element.tag))
        if used is None or not used.is_used(element):
            continue
        message = f"The manifest says {schema_version!r} and uses {used.what} of the 4th Edition."
        meaning = "They work here; another player of that edition may not know them."
        report.add(Level.NOTE, "later_edition", message, meaning, element=element)


@dataclass(frozen=True)
class _Later:
    what: str
    is_used: Callable[[etree._Element], bool]


_LATER = {
    "data": _Later("data stores", lambda one: "adlcp" in str(one.tag) and len(one) > 0),
    "objectives": _Later("objective maps", lambda one: "adlseq" in str(one.tag)),
    "completionthreshold": _Later("completion by measure", lambda one: bool(one.attrib)),
}
IMS_CP = "IMS CP"
"""Schema version of a package without SCORM: it is played as SCORM 1.2 that has only assets."""
_PAGES_ONLY = Finding(
    Level.NOTE,
    "ims_cp",
    "This is an IMS content package without SCORM: pages that report nothing.",
    "Opening a page completes it; there are no scores.",
)
_NAMES = {Standard.SCORM_1_2: "SCORM 1.2", Standard.SCORM_2004: "SCORM 2004"}


def _namespaces(root: etree._Element) -> str:
    found = {uri for element in root.iter() for uri in element.nsmap.values() if uri}
    location = " ".join(str(v) for k, v in root.attrib.items() if str(k).endswith("schemaLocation"))
    return " ".join(sorted(found)) + " " + location


def _has_scorm_types(root: etree._Element) -> bool:
    return any(
        attribute(one, "scormtype") for one in root.iter() if local_name(one.tag) == "resource"
    )


def _by_namespace(namespaces: str) -> Standard | None:
    if "adlcp_rootv1p2" in namespaces:
        return Standard.SCORM_1_2
    if any(name in namespaces for name in _NAMESPACES_2004):
        # imscp_v1p1 alone is plain IMS content packaging; 2004 brings at least one of ADL's.
        only_ims = not any(name in namespaces for name in _NAMESPACES_2004[:-1])
        return None if only_ims else Standard.SCORM_2004
    return None
