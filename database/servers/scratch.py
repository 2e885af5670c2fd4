"""Folders for throwaway clusters that the account of PostgreSQL can enter."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from database.servers.identity import Identity

_PREFIX = "lectern-scratch-"


@contextmanager
def scratch_folder(root: Path, identity: Identity) -> Iterator[Path]:
    """`root` where `identity` may pass through, otherwise a folder that is removed at the end.

    pytest's own temporary folders are 0700, so as root the other account needs a place of its
    own. What a killed run left there is removed by the next one: its lock is free.
    """
    if identity.can_pass(root):
        yield root
        return
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o711)
    try:
        with open(folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if folder.lstat().st_uid != os.getuid():
                continue
            with open(folder / "lock") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # in use, or gone meanwhile
            continue
