"""The real worker, in a hurry: waits seconds where the real one waits minutes.

    python -m tests.lti_app.chaos.impatient_worker

Settings come from the environment. It begins anew by itself when the queue has gone away, where
a real one is started again by its supervisor, which takes seconds.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from redis.exceptions import RedisError

from lti_app.app import create_app
from lti_app.cli.worker import build_worker
from lti_app.config import Config
from lti_app.core import ags
from lti_app.jobs import sweeps
from lti_app.platform_client import http, reach
from lti_app.services import grade_services, passback_claims, platform_jobs

SWEEP_ONE = "tests.lti_app.chaos.impatient_worker.sweep_one"


def sweep_one(tenant: str) -> None:
    """The sweep of one tenant, as other tests may have left thousands."""
    sweeps.sweep_grades(UUID(tenant), datetime.now(UTC))


def main() -> None:
    ags._PAUSES = (0.3, 0.5, 1)
    http.TIMEOUT = (1.0, 1.0)
    grade_services._PAUSE = timedelta(seconds=0.3)
    passback_claims.LEASE = timedelta(seconds=30)
    platform_jobs.STALE_AFTER, platform_jobs.MAX_TRIES = timedelta(seconds=5), 1000
    reach.REACH.private = True
    config = Config.from_env()
    app = create_app(config)
    while True:
        with suppress(RedisError, OSError):
            build_worker(app, config.redis_url).work(logging_level="CRITICAL")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
