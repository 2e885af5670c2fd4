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
