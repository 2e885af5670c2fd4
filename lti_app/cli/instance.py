"""The instance folder: everything one installation keeps on disk, used by one start at a time.

postgres/ valkey/ sockets/   the embedded servers
packages/                    uploaded content (the storage's own folder)
logs/                        what each process prints
secret_key                   signs sessions and player tokens
lock, children.json          who runs here, and what was started
"""

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from database.servers.identity import Identity
from lti_app.cli.failure import StartFailed

CHECKOUT = Path(__file__).resolve().parents[2]


def open_instance(environ: Mapping[str, str], identity: Identity) -> Path:
    """Make the folder if needed and return it; raises StartFailed when it cannot be used."""
    folder = instance_folder(environ, identity)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Root's PostgreSQL runs as another account, which must pass through to its own folder.
        folder.chmod(0o711 if identity.name else 0o700)
        (folder / "logs").mkdir(exist_ok=True, mode=0o700)
        with open(folder / "lock", "a"):
            pass
    except OSError as error:
        raise StartFailed(
            f"Cannot write to {folder} ({error.strerror}): give yourself the right to, or choose "
            f"another folder: LECTERN_DATA=/some/folder make run"
        ) from None
    if not identity.can_pass(folder):
        raise StartFailed(
            f"You are root, so PostgreSQL runs as account '{identity.name}', which cannot enter "
            f"{folder}: choose another folder: LECTERN_DATA=/some/folder make run"
        )
    return folder.resolve()


def instance_folder(environ: Mapping[str, str], identity: Identity) -> Path:
    """LECTERN_DATA, else ./instance; for root in a private home a folder below /var/lib.

    Root's home is 0700 as a rule, and the account that runs PostgreSQL for root cannot enter it.
    """
    if named := environ.get("LECTERN_DATA", "").strip():
        return Path(named).absolute()
    if identity.can_pass(CHECKOUT):
        return CHECKOUT / "instance"
    digest = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]
    return Path("/var/lib/lectern") / f"{CHECKOUT.name}-{digest}"


@contextmanager
def locked(folder: Path, patience: float = 5.0) -> Iterator[None]:
    """Hold the folder for this process; the kernel lets go of it however the process ends.

    Waits up to `patience` seconds, because an earlier start may just be stopping.
    """
    with open(folder / "lock", "r+") as lock:
        deadline = time.monotonic() + patience
        while not _take(lock):
            if time.monotonic() > deadline:
                holder = lock.read().strip() or "unknown"
                raise StartFailed(
                    f"Lectern already runs here (process {holder}, folder {folder}): use it, "
                    "stop it, or choose another folder: LECTERN_DATA=/some/folder make run"
                )
            time.sleep(0.1)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _take(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def secret_key(folder: Path) -> str:
    """The key kept in the folder, made at the first start."""
    path = folder / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_hex(32)
    with open(descriptor, "w") as file:
        file.write(f"{key}\n")
    return key
