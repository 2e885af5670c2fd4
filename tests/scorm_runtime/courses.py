"""SCORM 2004 courses of ours: a manifest from a few words, pages that do what the test asks."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from database.session import transaction
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.read import read_manifest
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services.attempts import open_attempt
from scorm_runtime.storage.local import LocalStorage
from tests.scorm_runtime.playing import NOW, make_user

SCRIPT = (Path(__file__).parent / "cts_browser" / "sco.js").read_text()
PAGE = f"<!doctype html><html lang=en><title>SCO</title><h1>A SCO</h1><script>{SCRIPT}</script>"
_MANIFEST = """<?xml version="1.0"?>
<manifest identifier="M" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
  xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
  xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"
  xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
<organizations default="ORG"><organization identifier="ORG"><title>The course</title>{items}
<imsss:sequencing><imsss:controlMode {control}/></imsss:sequencing></organization></organizations>
<resources><resource identifier="R" type="webcontent" adlcp:scormType="sco" href="sco.html">
<file href="sco.html"/></resource></resources></manifest>"""
_ITEM = '<item identifier="{name}" identifierref="R"><title>Part {name}</title>{more}</item>'
HIDE = (
    "<adlnav:presentation><adlnav:navigationInterface>"
    "<adlnav:hideLMSUI>{}</adlnav:hideLMSUI></adlnav:navigationInterface></adlnav:presentation>"
)
GLOBAL = (
    '<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="P">'
    '<imsss:mapInfo targetObjectiveID="shared" readSatisfiedStatus="true" '
    'writeSatisfiedStatus="true"/></imsss:primaryObjective></imsss:objectives></imsss:sequencing>'
)


def make_course(
    tenant: UUID,
    items: dict[str, str],
    *,
    control: str = 'choice="true" flow="true"',
    storage: LocalStorage | None = None,
    settings: dict[str, Any] | None = None,
) -> UUID:
    """A package whose items (identifier: XML inside the item) are one page of ours each."""
    xml = _MANIFEST.format(
        control=control,
        items="".join(_ITEM.format(name=name, more=more) for name, more in items.items()),
    )
    reading = read_manifest(xml.encode(), {"sco.html"}, title="course", limits=ManifestLimits())
    prefix = f"packages/{uuid4()}/files/"
    if storage:
        storage.put(f"{prefix}sco.html", [PAGE.encode()])
    with transaction(tenant) as session:
        package = Package(key=f"c-{uuid4().hex[:8]}", title="The package", settings=settings or {})
        session.add(package)
        session.flush()
        version = PackageVersion(
            package_id=package.id,
            number=1,
            standard="scorm_2004",
            schema_version="2004 4th Edition",
            manifest=reading.manifest.as_json(),
            report=[],
            storage_prefix=prefix,
            entry="sco.html",
            file_count=1,
            byte_count=1,
            sha256=uuid4().hex * 2,
            zip_key=f"{prefix}zip",
            file_name="course.zip",
        )
        session.add(version)
        session.flush()
        package.current_version_id = version.id
        return package.id


def begin(tenant: UUID, package: UUID, user: UUID | None = None) -> UUID:
    """An attempt of a new learner, or of `user`."""
    learner = user or make_user(tenant)
    with transaction(tenant) as session:
        return open_attempt(
            session, package_id=package, user_id=learner, context_key="portal", now=NOW
        ).id
