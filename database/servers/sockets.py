"""Folders for the servers' Unix sockets: mode 0700, so the file system is the authentication."""

import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from pathlib import Path

from database.servers.errors import ServerError
from database.servers.identity import Identity

_LONGEST = 103 if sys.platform == "darwin" else 107  # sun_path without its terminating zero
_DIFFICULT = re.compile(r"[^\w./+@~-]")
NAMES = ("pg", "vk")
_SOCKET_NAME = ".s.PGSQL.5432"


def socket_folder(root: Path, name: str, identity: Identity) -> Path:
    """Make and return the folder of `name`'s socket: below `root`, or in the temporary folder.

    A socket's path may have 107 bytes (103 on macOS), libpq reads a comma in a host as a second
    host, and redis-py trips over a space in a client's address: instance folders with such names
    have their sockets elsewhere.
    """
    folder = root / "sockets" / name
    if len(os.fsencode(folder / _SOCKET_NAME)) > _LONGEST or _DIFFICULT.search(str(folder)):
        folder = _elsewhere(root, name)
    else:
        folder.parent.mkdir(exist_ok=True)
        folder.parent.chmod(0o711)
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.getuid(), identity.uid}:
        raise ServerError(
            f"{folder} belongs to somebody else: remove it, or set LECTERN_DATA to a shorter path."
        )
    identity.own(folder)
    folder.chmod(0o700)
    return folder


def remove_socket_folders(root: Path) -> None:
    """After the servers of `root` have stopped: leave nothing in the temporary folder."""
    for name in NAMES:
        shutil.rmtree(_elsewhere(root, name), ignore_errors=True)


def _elsewhere(root: Path, name: str) -> Path:
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"lectern-{os.getuid()}-{digest}-{name}"
