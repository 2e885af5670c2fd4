"""A worker process that is killed after the platform has answered and before that is written.

    python -m tests.lti_app.jobs.die_after_sending TENANT PASSBACK

Settings come from the environment, as for a real worker.
"""

import os
import signal
import sys
from uuid import UUID

from lti_app.app import create_app
from lti_app.config import Config
from lti_app.jobs import passback


def main() -> None:
    passback.record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    with create_app(Config.from_env()).app_context():
        passback.send_one(UUID(sys.argv[1]), UUID(sys.argv[2]))


if __name__ == "__main__":
    main()
