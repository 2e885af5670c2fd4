"""Who runs PostgreSQL: it refuses to run as root, so root hands it to an unprivileged account."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from database.servers.errors import ServerError

ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Identity:
    """An account to switch to; `name` is None when the present one will do."""

    name: str | None = None
    uid: int = -1
    gid: int = -1

    def popen_arguments(self) -> dict[str, Any]:
        """Keyword arguments for subprocess that start a program as this account."""
        if self.name is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` to the account."""
        if self.name is not None:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may reach `folder` and read it (mode bits, no ACLs)."""
        return self.can_pass(folder) and (self.name is None or self._has(folder, 0o5))

    def can_pass(self, folder: Path) -> bool:
        """Whether the account may pass through `folder` to something below whose name it knows."""
        if self.name is None:
            return True
        folder = folder.resolve()
        return all(self._has(passed, 0o1) for passed in (folder, *folder.parents))

    def _has(self, path: Path, needed: int) -> bool:
        status = path.stat()
        if status.st_uid == self.uid:
            granted = status.st_mode >> 6
        elif status.st_gid == self.gid:
            granted = status.st_mode >> 3
        else:
            granted = status.st_mode
        return granted & needed == needed


def server_identity() -> Identity:
    """The account for PostgreSQL: the present one, or LECTERN_POSTGRES_USER for root."""
    if os.geteuid() != 0:
        return Identity()
    for name in (os.environ.get("LECTERN_POSTGRES_USER"), *ACCOUNTS):
        if not name:
            continue
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(name, entry.pw_uid, entry.pw_gid)
    raise ServerError(
        "PostgreSQL does not run as root and there is no account 'postgres' or 'nobody': "
        "name one in LECTERN_POSTGRES_USER, or start Lectern as an ordinary user."
    )
