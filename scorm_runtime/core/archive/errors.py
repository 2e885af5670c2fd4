"""Why a zip file is refused: one class per reason, each with its code and how to mend it."""

from scorm_runtime.core.refusal import PackageRefused


class ArchiveRefused(PackageRefused):
    """Base; `subject` is the entry of the zip file it is about."""

    code = "archive_refused"
    says = "The zip file cannot be used."


# ── the file as a whole ──────────────────────────────────────────────────────────────────────


class NotAZip(ArchiveRefused):
    code = "not_a_zip"
    says = "This is not a zip file."
    mend = "Upload the zip file that your authoring tool exports for SCORM."


class TruncatedArchive(ArchiveRefused):
    code = "archive_truncated"
    says = "The zip file is cut off: its end is missing."
    mend = "Upload it again; if that does not help, export it again."


class SplitArchive(ArchiveRefused):
    code = "archive_split"
    says = "The zip file is one part of several."
    mend = "Make one single zip file and upload that."


class DamagedDirectory(ArchiveRefused):
    code = "directory_damaged"
    says = "The zip file's table of contents is damaged."


class Zip64Inconsistent(ArchiveRefused):
    code = "zip64_inconsistent"
    says = "The zip file states sizes in two places and they contradict each other."


class OverlappingEntries(ArchiveRefused):
    code = "entries_overlap"
    says = "Two entries of the zip file share the same bytes."


# ── limits ───────────────────────────────────────────────────────────────────────────────────


class ZipTooLarge(ArchiveRefused):
    code = "zip_too_large"
    says = "The zip file is larger than this server accepts."
    mend = "Take videos out of the package or ask the administrator to raise the limit."


class TooManyFiles(ArchiveRefused):
    code = "too_many_files"
    says = "The zip file has more entries than this server accepts."
    mend = "Split the package or ask the administrator to raise the limit."


class DirectoryTooLarge(ArchiveRefused):
    code = "directory_too_large"
    says = "The zip file's table of contents is larger than this server accepts."


class ContentTooLarge(ArchiveRefused):
    code = "content_too_large"
    says = "The extracted files together are larger than this server accepts."
    mend = "Take videos out of the package or ask the administrator to raise the limit."


class FileTooLarge(ArchiveRefused):
    code = "file_too_large"
    says = "The file is larger than this server accepts."
    mend = "Make it smaller or ask the administrator to raise the limit."


class RatioTooHigh(ArchiveRefused):
    code = "ratio_too_high"
    says = "It grows so much when extracted that it looks like a zip bomb."
    mend = "Take the file out of the package, or pack it without compression."


class PathTooDeep(ArchiveRefused):
    code = "path_too_deep"
    says = "The file lies in too many folders."
    mend = "Move it up and export the package again."


class PathTooLong(ArchiveRefused):
    code = "path_too_long"
    says = "The name is too long."
    mend = "Shorten it and export the package again."


# ── names ────────────────────────────────────────────────────────────────────────────────────


class EmptyName(ArchiveRefused):
    code = "name_empty"
    says = "An entry of the zip file has no name."


class NameNotText(ArchiveRefused):
    code = "name_not_text"
    says = "The name claims to be UTF-8 and is not."


class ControlCharacter(ArchiveRefused):
    code = "name_control_character"
    says = "The name contains an invisible control character."
    mend = "Rename the file and export the package again."


class AbsolutePath(ArchiveRefused):
    code = "path_absolute"
    says = "The path starts at the root of a disk."
    mend = "Zip the content with paths relative to its own folder."


class DrivePath(ArchiveRefused):
    code = "path_drive"
    says = "The path names a disk drive."
    mend = "Zip the content with paths relative to its own folder."


class ParentPath(ArchiveRefused):
    code = "path_parent"
    says = "The path leads out of the package."
    mend = "Zip the content with paths relative to its own folder."


class ReservedName(ArchiveRefused):
    code = "name_reserved"
    says = "Windows keeps this name for a device, so the file could not be stored everywhere."
    mend = "Rename the file and export the package again."


class DuplicateName(ArchiveRefused):
    code = "name_duplicate"
    says = "Two files of the zip file have this name."


class CaseCollision(ArchiveRefused):
    code = "name_case_collision"
    says = "Two names differ only in upper and lower case."
    mend = "Rename one of the two files and export the package again."


class UnicodeCollision(ArchiveRefused):
    code = "name_unicode_collision"
    says = "Two names look the same and are spelled with different characters."
    mend = "Rename one of the two files and export the package again."


class FileFolderCollision(ArchiveRefused):
    code = "file_folder_collision"
    says = "The name stands for a file and for a folder."


# ── members ──────────────────────────────────────────────────────────────────────────────────


class SymbolicLink(ArchiveRefused):
    code = "symbolic_link"
    says = "It is a symbolic link, not a file."
    mend = "Put the file itself into the package."


class HardLink(ArchiveRefused):
    code = "hard_link"
    says = "It is a link to another file, not a file."
    mend = "Put the file itself into the package."


class SpecialFile(ArchiveRefused):
    code = "special_file"
    says = "It is a device, pipe or socket, not a file."
    mend = "Take it out of the package."


class EncryptedMember(ArchiveRefused):
    code = "member_encrypted"
    says = "The file is protected by a password."
    mend = "Make the zip file without a password."


class UnsupportedCompression(ArchiveRefused):
    code = "compression_unsupported"
    says = "The file is packed by a method that is not used for SCORM packages."
    mend = "Make an ordinary zip file (method Deflate)."


class HeaderMismatch(ArchiveRefused):
    code = "header_mismatch"
    says = "The zip file describes this file in two places and they contradict each other."


class SizeMismatch(ArchiveRefused):
    code = "size_mismatch"
    says = "The file is not as large as the zip file states."


class DamagedMember(ArchiveRefused):
    code = "member_damaged"
    says = "The packed data are damaged."
    mend = "Upload it again; if that does not help, export it again."


class ChecksumWrong(ArchiveRefused):
    code = "checksum_wrong"
    says = "The checksum of the file is wrong: it was damaged on its way."
    mend = "Upload it again; if that does not help, export it again."
