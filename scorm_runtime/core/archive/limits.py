"""How large a package may be."""

from dataclasses import dataclass

MIB = 1024 * 1024
GIB = 1024 * MIB


@dataclass(frozen=True)
class ArchiveLimits:
    """Upper bounds of a zip file; what exceeds one is refused with the bound in the message."""

    max_zip_bytes: int = 2 * GIB
    """Size of the zip file."""
    max_total_bytes: int = 4 * GIB
    """Size of all files after extraction."""
    max_file_bytes: int = 2 * GIB
    """Size of one file after extraction."""
    max_files: int = 50_000
    """Entries of the zip file, folders included."""
    max_directory_bytes: int = 32 * MIB
    """Size of the zip file's table of contents, which is read into memory."""
    max_depth: int = 32
    """Folders above a file."""
    max_path_bytes: int = 900
    """Length of a path in UTF-8; with our own prefix it has to stay below 1,024."""
    max_name_bytes: int = 255
    """Length of one name of a path in UTF-8."""
    max_ratio: int = 200
    """Extracted bytes for each packed byte, of one file and of all …"""
    ratio_free_bytes: int = 16 * MIB
    """… as soon as it is larger than this: small blank images pack very well."""
