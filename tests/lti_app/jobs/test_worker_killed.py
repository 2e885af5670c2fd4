"""A real worker process, really killed: the row is the truth. DESIGN decision 3"""

import os
import random
import signal
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lti_app.config import Config
from lti_app.jobs import sweeps
from lti_app.services import passback_claims

ROOT = Path(__file__).parents[3]


@pytest.mark.usefixtures("doors")
def test_a_worker_killed_between_network_and_write_leaves_exactly_one_grade(
    learner, platform, config: Config, doors
):
    """Issue: a test kills the worker between network and write. PAIN-04"""
    row_id = learner.finish()
    settings = {one.name.upper(): str(getattr(config, one.name)) for one in fields(config)}
    killed = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.lti_app.jobs.die_after_sending",
            learner.tenant.hex,
            row_id.hex,
        ],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    assert learner.row(row_id).state == "sending"
    assert learner.grade["times"] == 1

    assert sweeps.sweep_grades(learner.tenant, datetime.now(UTC)) == 0
    later = datetime.now(UTC) + passback_claims.LEASE + timedelta(seconds=1)
    doors.clear()
    assert sweeps.sweep_grades(learner.tenant, later) == 1
    assert doors[0][2] == learner.launch.registration_id

    learner.make_due(row_id)
    row = learner.send(row_id)
    assert (row.state, row.tries) == ("sent", 2)
    assert learner.grade == learner.grade | {"given": 8.0, "times": 1}
    assert len({one["timestamp"] for one in platform.score_requests}) == 1


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize("round_", range(4))
def test_a_worker_killed_anywhere_loses_nothing_and_leaves_exactly_one_grade(
    learner, platform, config: Config, round_
):
    """PAIN-04, DESIGN decision 3: any SQL statement, commit or request may be the last one."""
    row_id = learner.finish()
    step = random.Random(20261122 + round_).randrange(1, 40)
    settings = {one.name.upper(): str(getattr(config, one.name)) for one in fields(config)}
    arguments = [learner.tenant.hex, learner.launch.registration_id.hex, str(step)]
    subprocess.run(
        [sys.executable, "-m", "tests.lti_app.jobs.die_somewhere", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        check=False,
        timeout=120,
    )
    for _again in range(3):
        if learner.row(row_id).state == "sent":
            break
        learner.make_due(row_id)
        learner.send(row_id)
    assert learner.row(row_id).state == "sent", step
    assert learner.grade == learner.grade | {"given": 8.0, "times": 1}, step
