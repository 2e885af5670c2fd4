"""Why a service of the run-time said no."""


class PackageError(Exception):
    """Base of what concerns packages; the message is for people."""

    status_hint = 422


class PackageNotFound(PackageError):
    """There is no such package, version or import in this tenant."""

    status_hint = 404


class InvalidPackageKey(PackageError):
    """The key is no slug."""


class TitleMissing(PackageError):
    """A package without a title cannot be found by anybody."""


class ImportSuperseded(PackageError):
    """Another worker has taken this import up: the slower one stops."""

    status_hint = 409


class UploadNotFound(PackageError):
    """There is no such upload of this person, or it was given up."""

    status_hint = 404


class UploadRefused(PackageError):
    """The file or a part of it cannot be taken; the message says why."""


class UploadTooLarge(UploadRefused):
    """The file, or a part, is larger than this server takes."""

    status_hint = 413


class TooManyUploads(UploadRefused):
    """Somebody has too many unfinished uploads."""

    status_hint = 409


class WrongOffset(UploadRefused):
    """The part does not begin where the upload stands: ask where that is, and go on from there."""

    status_hint = 409
