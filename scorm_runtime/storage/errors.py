"""Why a storage said no."""


class StorageError(Exception):
    """Base of all of them."""

    status_hint = 500


class InvalidKey(StorageError):
    """The key is not one a storage accepts; nothing was touched."""

    status_hint = 404


class ObjectMissing(StorageError):
    """Nothing lies under the key."""

    status_hint = 404


class TargetTaken(StorageError):
    """Something lies where a prefix was to be published."""

    status_hint = 409
