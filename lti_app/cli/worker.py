"""The worker: takes jobs from the queues and runs each in a process of its own.

`python -m lti_app.cli.worker`; start as many as there is work for. A job that is killed is done
again by a sweep: the rows are the truth.
"""

import os
import signal
import sys

from flask import Flask
from redis import Redis
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from database.extension import db
from database.servers.parent_death import die_with_parent
from lti_app.app import create_app
from lti_app.config import Config, SettingInvalid
from lti_app.queue import QUEUES


class LecternWorker(Worker):
    """A forking RQ worker whose jobs run inside the application's context."""

    app: Flask

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the forked process: it must end with the worker, and not share its connections."""
        die_with_parent(signal.SIGKILL, os.getppid())()
        with self.app.app_context():
            db.engine.dispose(close=False)
        super().main_work_horse(job, queue)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run the job with an application context, which its transactions need."""
        with self.app.app_context():
            return super().perform_job(job, queue, execution)


def build_worker(app: Flask, redis_url: str) -> LecternWorker:
    """A worker of all queues at `redis_url`."""
    # A connection of its own: RQ waits on it for minutes, so it has no time limit of ours.
    redis = Redis.from_url(redis_url)
    queues = [Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES]
    worker = LecternWorker(queues, connection=redis, serializer=JSONSerializer)
    worker.app = app
    return worker


def main() -> int:
    """Work until a signal arrives: the running job finishes, a second signal ends it at once."""
    try:
        config = Config.from_env()
        if not config.redis_url:
            raise SettingInvalid("REDIS_URL is not set: a worker needs the queue's address")
        worker = build_worker(create_app(config), config.redis_url)
    except SettingInvalid as refusal:
        print(refusal, file=sys.stderr)
        return 1
    worker.work(logging_level=os.environ.get("LOG_LEVEL", "WARNING"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
