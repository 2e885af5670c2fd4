"""The instance folder: everything one installation keeps on disk, used by one start at a time.

postgres/ valkey/ sockets/   the embedded servers
files/                       uploads and packages (lti_app/storage.py)
demo-lms/                    what the Demo LMS remembers
logs/                        what each process prints
secret_key                   signs sessions and player tokens
lock, children.json          who runs here, and what was started
environment.json             settings for commands typed beside it
"""

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from database.servers.identity import Identity
from lti_app.cli.failure import StartFailed

CHECKOUT = Path(__file__).resolve().parents[2]
_STOPPING = "stopping"


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


class Lock:
    """The folder is ours as long as this lives; the kernel lets go of it however we end."""

    def __init__(self, folder: Path) -> None:
        self._file = open(folder / "lock", "r+")  # noqa: SIM115  held, not read

    def take(self) -> bool:
        """Whether nobody else has it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        self.write(str(os.getpid()))
        return True

    def write(self, text: str) -> None:
        """Say something to those who wait for it."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"{text}\n")
        self._file.flush()

    def read(self) -> str:
        """What its holder says: its process number, or that it is stopping."""
        self._file.seek(0)
        return self._file.read().strip()

    def say_stopping(self) -> None:
        """Whoever wants to start now may wait for us."""
        self.write(_STOPPING)

    def close(self) -> None:
        self._file.close()


@contextmanager
def locked(folder: Path, patience: float = 60.0) -> Iterator[Lock]:
    """Hold the folder for this process; waits up to `patience` seconds for one that is stopping."""
    with closing(Lock(folder)) as lock:
        began = time.monotonic()
        while not lock.take():
            holder = lock.read()
            waited = time.monotonic() - began
            # Half a second also for a running one: its signal may just be on the way.
            if waited > (patience if holder == _STOPPING else 0.5):
                raise StartFailed(
                    f"Lectern already runs here (process {holder or 'unknown'}, folder {folder}): "
                    "use it, stop it, or choose another folder: LECTERN_DATA=/some/folder make run"
                )
            time.sleep(0.05)
        yield lock


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
