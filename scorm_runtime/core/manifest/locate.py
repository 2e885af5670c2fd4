"""Where the manifest lies in a package, or what the package is instead."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.errors import (
    AiccPackage,
    Cmi5Later,
    ManifestMissing,
    PackageInsidePackage,
    SeveralManifests,
    TinCanPackage,
)

MANIFEST = "imsmanifest.xml"


@dataclass(frozen=True)
class Location:
    """Where a package begins inside its zip file."""

    manifest: str
    """Path of the manifest."""
    root: str
    """Folder of the manifest with a slash at its end, or empty: the package's own root."""
    findings: tuple[Finding, ...]


def locate_manifest(paths: Sequence[str]) -> Location:
    """Find imsmanifest.xml among the files of a zip file (CAM 1.2: 2.3.1: in the root).

    One folder around everything is common and is taken off; a refusal names what was found.
    """
    found = sorted((p for p in paths if _name(p).lower() == MANIFEST), key=_depth)
    if not found:
        raise _what_else(paths)
    nearest = [path for path in found if _depth(path) == _depth(found[0])]
    if len(nearest) > 1:
        raise SeveralManifests(detail=", ".join(nearest[:3]))
    manifest = nearest[0]
    root = posixpath.dirname(manifest)
    root = f"{root}/" if root else ""
    return Location(manifest, root, tuple(_findings(manifest, root, paths, found)))


def _findings(
    manifest: str, root: str, paths: Sequence[str], manifests: Sequence[str]
) -> list[Finding]:
    findings = []
    if root:
        message = f"The package lay in the folder {root[:-1]}."
        done = "The folder was taken off."
        findings.append(
            Finding(Level.REPAIRED, "root_nested", message, done=done, element=manifest)
        )
        outside = sum(1 for path in paths if not path.startswith(root))
        if outside:
            message = f"{outside} files lay outside {root[:-1]}."
            meaning = "Pages that refer to them will miss them."
            done = "They were left out."
            findings.append(Finding(Level.WARNING, "files_outside_root", message, meaning, done))
    if _name(manifest) != MANIFEST:
        message = f"The manifest is called {_name(manifest)} instead of {MANIFEST}."
        findings.append(Finding(Level.REPAIRED, "manifest_name", message, element=manifest))
    if len(manifests) > 1:
        message = f"There are {len(manifests) - 1} further manifests in deeper folders."
        done = "They were not read."
        findings.append(
            Finding(Level.NOTE, "manifests_deeper", message, done=done, element=manifests[1])
        )
    if f"{root}cmi5.xml" in paths:
        message = "The package can be played as cmi5 too; it is played as SCORM."
        findings.append(Finding(Level.NOTE, "cmi5_too", message, element="cmi5.xml"))
    return findings


def _what_else(paths: Sequence[str]) -> Exception:
    names = {_name(path).lower() for path in paths}
    endings = {posixpath.splitext(name)[1] for name in names}
    if "cmi5.xml" in names:
        return Cmi5Later()
    if "tincan.xml" in names:
        return TinCanPackage()
    if {".au", ".crs"} <= endings:
        return AiccPackage()
    zips = [path for path in paths if path.lower().endswith((".zip", ".pif"))]
    if zips:
        return PackageInsidePackage(detail=zips[0])
    if "index.html" in names or "index.htm" in names:
        return ManifestMissing(detail="it looks like a web export")
    return ManifestMissing(detail="" if paths else "it is empty")


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _depth(path: str) -> int:
    return path.count("/")
