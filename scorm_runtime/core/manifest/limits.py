"""How large a manifest may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ManifestLimits:
    """Upper bounds of imsmanifest.xml."""

    max_bytes: int = 16 * 1024 * 1024
    """Size of the file."""
    max_depth: int = 100
    """Nesting of elements."""
    max_elements: int = 300_000
    """Elements; a course of 1,000 SCOs with metadata has about 50,000."""
    max_items: int = 10_000
    """Items of the organization."""
    max_findings: int = 200
    """Lines of the report; what is beyond is counted in its last line."""
