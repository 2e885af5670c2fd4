"""Clients of npm that nobody here wrote, in Node, against the record store over HTTP."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@pytest.mark.parametrize("name", ["xapi"])
@pytest.mark.skipif(
    not shutil.which("node") or not (ROOT / "node_modules/@xapi").is_dir(),
    reason="Node and its packages are not here (`make test` brings them)",
)
def test_a_client_of_npm_does_all_it_can(lrs, live_url, name):
    """Statements, attachments, state, profiles, activities, agents."""
    environment = {
        **os.environ,
        "LRS_ENDPOINT": f"{live_url}/{lrs.slug}/",
        "LRS_KEY": lrs.key,
        "LRS_SECRET": lrs.secret,
    }
    done = subprocess.run(
        ["node", "--test", f"{HERE.relative_to(ROOT)}/{name}.test.js"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
