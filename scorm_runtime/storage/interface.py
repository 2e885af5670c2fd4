"""The one interface through which every file goes.

Keys are relative paths ("packages/0190…/files/index.html"), prefixes end with a slash.
`scorm_runtime.storage.local` is a folder; S3 and Azure implement the same class.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

CHUNK_BYTES = 256 * 1024
"""How much is read or written at once."""


@dataclass(frozen=True)
class ObjectStat:
    """What is known of an object without reading it."""

    key: str
    size: int
    """Bytes."""
    modified_at: datetime
    """Aware, UTC."""
    etag: str
    """Changes when the content does; without quotes."""


class Storage(Protocol):
    """Objects under keys. Every method raises InvalidKey for a key that is not one."""

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store the chunks under `key`, replacing what was there; answer the number of bytes.

        All or nothing: when `chunks` raises, what lay under the key before is still there.
        """
        ...

    def open(self, key: str) -> BinaryIO:
        """A seekable stream of the object, to be closed by the caller; or ObjectMissing."""
        ...

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to and without `end`, in chunks; or ObjectMissing at once."""
        ...

    def stat(self, key: str) -> ObjectStat:
        """Size, time and etag; or ObjectMissing."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """All keys below `prefix`, sorted; none when there is nothing."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object; nothing happens when there is none."""
        ...

    def delete_prefix(self, prefix: str) -> None:
        """Remove everything below `prefix`; nothing happens when there is nothing."""
        ...

    def copy(self, key: str, new_key: str) -> None:
        """Store the same bytes under another key, replacing what was there; or ObjectMissing."""
        ...

    def publish(self, prefix: str, new_prefix: str) -> None:
        """Let everything below `prefix` appear below `new_prefix`, at once and durably.

        Raises ObjectMissing when there is nothing to publish and TargetTaken when something lies
        below `new_prefix`.
        """
        ...
