"""imsmanifest.xml from its bytes to a `Manifest` and the report about it.

location = locate_manifest(paths)
reading = read_manifest(data, files, title="the zip's name", limits=ManifestLimits())
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.elements import attribute, local_name
from scorm_runtime.core.manifest.errors import NotAManifest, NothingToLaunch
from scorm_runtime.core.manifest.files import Files
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.locate import MANIFEST
from scorm_runtime.core.manifest.metadata import ReadFile, read_metadata
from scorm_runtime.core.manifest.model import Item, Manifest, Resource, Sco, Standard
from scorm_runtime.core.manifest.organizations import read_organization
from scorm_runtime.core.manifest.report import Report
from scorm_runtime.core.manifest.resources import check_resources, read_resources
from scorm_runtime.core.manifest.scos import (
    keep_deliverable,
    list_scos,
    organization_of_resources,
)
from scorm_runtime.core.manifest.standard import IMS_CP, note_later_editions, read_standard
from scorm_runtime.core.manifest.submanifests import merge_submanifests
from scorm_runtime.core.manifest.xml import parse_xml

READER = 3
"""Number of this reader: versions read by an older one are read again (`flask package reread`)."""


@dataclass(frozen=True)
class Reading:
    """What came of a manifest."""

    manifest: Manifest
    findings: tuple[Finding, ...]


def read_manifest(
    data: bytes,
    paths: Iterable[str],
    *,
    title: str,
    limits: ManifestLimits,
    read_file: ReadFile | None = None,
) -> Reading:
    """Read a manifest; raises a ManifestRefused.

    `data`: the file's bytes; `paths`: the package's files, relative to the manifest's folder;
    `title`: used when neither organization nor metadata have one; `read_file`: for metadata that
    lie in a file of their own.
    """
    report = Report(limits.max_findings)
    root, repairs = parse_xml(data, MANIFEST, limits)
    report.extend(repairs)
    if local_name(root.tag) != "manifest":
        raise NotAManifest(MANIFEST, f"it is {local_name(root.tag)!r}")
    standard, schema_version, guesses = read_standard(root)
    report.extend(guesses)
    merge_submanifests(root, report)
    files = Files(paths)
    resources = read_resources(root, report)
    check_resources(resources, files, report)
    metadata = read_metadata(root, files, read_file, limits, report)
    found = read_organization(root, standard, report, max_items=limits.max_items)
    organization = _ensure_items(found, resources, standard, metadata.title or title, report)
    scos = list_scos(organization, resources, files, report)
    organization = keep_deliverable(organization, scos, report)
    manifest = Manifest(
        identifier=attribute(root, "identifier"),
        version=attribute(root, "version"),
        standard=standard,
        schema_version=schema_version,
        title=organization.title or metadata.title or scos[0].title or title,
        description=metadata.description,
        language=metadata.language,
        organization=organization,
        scos=_titled(scos, organization.title or metadata.title or title),
        resources=tuple(resources.values()),
    )
    if standard == Standard.SCORM_2004:
        note_later_editions(root, schema_version, report)
    _note_learning(manifest, report)
    return Reading(manifest, report.findings)


def _ensure_items(
    found: Item | None,
    resources: dict[str, Resource],
    standard: Standard,
    title: str,
    report: Report,
) -> Item:
    if found is not None and (found.items or found.identifierref):
        return found
    made = organization_of_resources(resources, (found and found.title) or title, standard)
    if made is None:
        raise NothingToLaunch(MANIFEST)
    message = "The manifest has no organization with items."
    meaning = "The entries are called after the resources."
    done = "One was made of its resources."
    report.add(Level.REPAIRED, "organization_missing", message, meaning, done=done)
    return made


def _titled(scos: tuple[Sco, ...], title: str) -> tuple[Sco, ...]:
    """An item without title is called after the course, or by its identifier among others."""
    if len(scos) == 1:
        return (replace(scos[0], title=scos[0].title or title),)
    return tuple(replace(sco, title=sco.title or sco.identifier) for sco in scos)


def _note_learning(manifest: Manifest, report: Report) -> None:
    """What the learner, and the teacher waiting for grades, should not be surprised by."""
    is_scorm = not manifest.schema_version.startswith(IMS_CP)
    if is_scorm and all(sco.scorm_type != "sco" for sco in manifest.scos):
        message = "No part of the package is marked as a SCO."
        meaning = "If the pages really make no calls, opening them is all that can be recorded."
        report.add(Level.WARNING, "no_sco", message, meaning)
    if any(sco.prerequisites for sco in manifest.scos):
        message = "The manifest states prerequisites."
        meaning = "Learners can open the parts in any order."
        done = "They were kept and are not enforced."
        report.add(Level.NOTE, "prerequisites", message, meaning, done=done)
