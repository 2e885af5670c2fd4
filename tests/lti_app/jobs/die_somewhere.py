"""A worker process that is killed at the n-th of its steps: each SQL statement and each request to
the platform is one, so a number hits any point between the first read and the last write.

    python -m tests.lti_app.jobs.die_somewhere TENANT REGISTRATION STEP
"""

import os
import signal
import sys
from typing import Any

import requests
from sqlalchemy import event
from sqlalchemy.engine import Engine

from lti_app.app import create_app
from lti_app.config import Config
from lti_app.jobs import passback


class Countdown:
    """Kills this process when its steps are used up."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self, *_: Any, **__: Any) -> None:
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    with create_app(Config.from_env()).app_context():
        countdown = Countdown(int(sys.argv[3]))
        event.listen(Engine, "before_cursor_execute", countdown.step)
        event.listen(Engine, "commit", countdown.step)
        request = requests.Session.request

        def counted(*args: Any, **options: Any) -> requests.Response:
            countdown.step()
            answer = request(*args, **options)
            countdown.step()
            return answer

        requests.Session.request = counted  # type: ignore[method-assign]
        passback.deliver(sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    main()
