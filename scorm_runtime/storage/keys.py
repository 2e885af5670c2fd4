"""Which keys a storage accepts: the same for a folder, S3 and Azure, so that files can move."""

from scorm_runtime.storage.errors import InvalidKey

MAX_KEY_BYTES = 1024
"""S3's limit for a whole key, in bytes of UTF-8."""
MAX_SEGMENT_BYTES = 255
"""What the usual file systems accept as one name, in bytes of UTF-8."""


def validate_key(key: str) -> str:
    """Return `key` when it is a relative path of plain segments, else raise InvalidKey.

    Segments are separated by one "/"; none is empty, "." or ".."; no backslash, no control
    characters, nothing that is not Unicode text.
    """
    try:
        encoded = key.encode()
    except UnicodeEncodeError:
        raise InvalidKey(f"{key!r} is not Unicode text") from None
    if len(encoded) > MAX_KEY_BYTES:
        raise InvalidKey(f"key longer than {MAX_KEY_BYTES} bytes: {key[:80]!r}…")
    for segment in key.split("/"):
        if segment in ("", ".", ".."):
            raise InvalidKey(f"{key!r} has an empty or dotted segment")
        if len(segment.encode()) > MAX_SEGMENT_BYTES:
            raise InvalidKey(f"{key!r} has a segment longer than {MAX_SEGMENT_BYTES} bytes")
    if "\\" in key or any(ord(character) < 32 or ord(character) == 127 for character in key):
        raise InvalidKey(f"{key!r} has a backslash or a control character")
    return key


def validate_prefix(prefix: str) -> str:
    """Return `prefix` when it is a valid key with one slash at its end, else raise InvalidKey."""
    if not prefix.endswith("/"):
        raise InvalidKey(f"prefix {prefix!r} does not end with a slash")
    validate_key(prefix[:-1])
    return prefix
