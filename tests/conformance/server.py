"""A fresh record store over HTTP: an empty database, gunicorn, one credential that may do all."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from database.embedded import embedded_postgres
from tests.gunicorn import ROOT, running_gunicorn, settings


@dataclass(frozen=True)
class Endpoint:
    url: str
    """Without a slash at the end."""
    key: str
    secret: str


@contextmanager
def fresh_lrs(folder: Path) -> Iterator[Endpoint]:
    """Runs as long as the block; everything lies in `folder`."""
    with embedded_postgres(folder / "postgres") as urls:
        environment = settings(urls.app_url, urls.owner_url, folder)
        _flask(environment, "prepare")
        made = _flask(
            environment, "lrs", "key", "create", "--name", "Conformance", "--scope", "all"
        )
        credential = dict(line.split(None, 1) for line in made.splitlines() if line)
        with running_gunicorn(environment, folder / "web.log") as origin:
            url = f"{origin}/xapi/default"
            yield Endpoint(url, credential["key"], credential["secret"])


def _flask(environment: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"flask {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
