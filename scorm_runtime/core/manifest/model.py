"""What a manifest says, as values; the names are those of the standard."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Standard(StrEnum):
    """The standard a package was made for."""

    SCORM_1_2 = "scorm_1_2"
    SCORM_2004 = "scorm_2004"


@dataclass(frozen=True)
class Resource:
    """`<resource>`: files, and the one that starts it (CAM 1.2: 2.3.2.4)."""

    identifier: str
    type: str
    """"webcontent" as a rule."""
    scorm_type: str
    """"sco", "asset" or empty."""
    href: str
    """Where it starts, relative to the package, xml:base applied; empty when nowhere."""
    files: tuple[str, ...]
    """hrefs of `<file>`, xml:base applied."""
    dependencies: tuple[str, ...]
    """identifierrefs of `<dependency>`."""
    line: int | None


@dataclass(frozen=True)
class Item:
    """`<item>`, or the organization itself at the root (CAM 1.2: 2.3.2.3)."""

    identifier: str
    title: str
    identifierref: str
    """Resource it starts, empty for a cluster."""
    is_visible: bool
    parameters: str
    """As written: appended to the resource's href."""
    prerequisites: str
    """`adlcp:prerequisites`, an aicc_script; kept, not enforced."""
    mastery_score: float | None
    """`adlcp:masteryscore`, 0 to 100."""
    max_time_allowed: str
    """`adlcp:maxtimeallowed` as CMITimespan, or empty."""
    time_limit_action: str
    """`adlcp:timelimitaction`: exit|continue,message|no message; or empty."""
    data_from_lms: str
    """`adlcp:datafromlms`, for cmi.launch_data."""
    completion_threshold: str
    """SCORM 2004 `adlcp:completionThreshold`, or empty."""
    sequencing: Mapping[str, Any] | None
    """SCORM 2004: what `sequencing.parse_sequencing` made of it; None in SCORM 1.2."""
    items: tuple["Item", ...]
    line: int | None


@dataclass(frozen=True)
class Sco:
    """An item that can be started, in the order of the tree; a SCO or an asset."""

    identifier: str
    """Of the item."""
    title: str
    href: str
    """Relative to the package's files, percent-encoded, with its own query and fragment."""
    launch: str
    """`href` with `parameters` appended as the standard says: what the frame is pointed at."""
    path: str
    """The file itself, not encoded."""
    parameters: str
    scorm_type: str
    """"sco", "asset"; an asset makes no calls: starting it completes it."""
    is_visible: bool
    prerequisites: str
    mastery_score: float | None
    max_time_allowed: str
    time_limit_action: str
    data_from_lms: str
    completion_threshold: str


@dataclass(frozen=True)
class Manifest:
    """Everything of imsmanifest.xml that playing needs."""

    identifier: str
    version: str
    standard: Standard
    schema_version: str
    title: str
    description: str
    language: str
    """Of the title, as in the metadata; empty when it says nothing."""
    organization: Item
    scos: tuple[Sco, ...]
    resources: tuple[Resource, ...]

    def as_json(self) -> dict[str, Any]:
        """As kept in `package_version.manifest`; `items` holds the tree below the organization."""
        tree = asdict(self.organization)
        return {
            "identifier": self.identifier,
            "version": self.version,
            "standard": str(self.standard),
            "schema_version": self.schema_version,
            "title": self.title,
            "description": self.description,
            "language": self.language,
            "organization": {
                "identifier": tree["identifier"],
                "title": tree["title"],
                "sequencing": tree["sequencing"],
            },
            "items": tree["items"],
            "scos": [asdict(sco) for sco in self.scos],
            "resources": [asdict(resource) for resource in self.resources],
        }
