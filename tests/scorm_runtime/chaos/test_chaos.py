"""Everything fails while learners play, and nothing is lost (PAIN-02, PAIN-03, PAIN-11).

`python -m benchmarks.chaos` does the same a thousand times.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.gunicorn import settings
from tests.scorm_runtime.chaos.chaos import run_chaos

pytestmark = pytest.mark.browser
RUNS = 50
SEED = 20261122


@pytest.mark.timeout(900)
def test_nothing_is_lost_whatever_dies(app, config, tmp_path: Path):
    """What the server has acknowledged is there, what it had not comes with the next visit, and
    every request to sequencing has run once. A failure names its run's seed and tells its story."""
    environment = settings(
        config.database_url, config.database_owner_url, Path(config.lectern_data)
    )

    def play():
        with app.app_context():
            chaos = run_chaos(
                environment, app, tmp_path, runs=RUNS, seed=SEED, at_once=25, visits=1
            )
            return asyncio.run(chaos)

    with ThreadPoolExecutor(1) as pool:  # the main thread belongs to Playwright's synchronous face
        report = pool.submit(play).result()
    failed = [[seed, one, *report.stories[seed]] for seed, one in report.failed().items()]
    assert failed == [], "\n".join(report.lines())
    assert sum(one.told for one in report.verdicts.values()) > 3 * RUNS
    assert report.endings.total() == RUNS
