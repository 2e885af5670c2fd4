"""`flask worker`: takes jobs from the queues and runs each in a process of its own.

Start as many as there is work for. A job that is killed is done again by a sweep: the rows are
the truth.
"""

import os
import signal
import socket
from datetime import UTC, datetime, timedelta

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from redis import Redis
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from database.extension import db
from database.servers.parent_death import die_with_parent
from lti_app.config import Config
from lti_app.queue import QUEUES

HEARTBEAT = 45
"""Seconds between two signs of life of an idle worker."""


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
    worker = LecternWorker(
        queues, connection=redis, serializer=JSONSerializer, default_worker_ttl=HEARTBEAT + 15
    )
    worker.app = app
    return worker


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Work until a signal arrives: the running job finishes, a second signal ends it at once."""
    config: Config = current_app.config["LECTERN"]
    if not config.redis_url:
        raise click.ClickException("REDIS_URL is not set: a worker needs the queue's address")
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # a LocalProxy
    build_worker(app, config.redis_url).work(logging_level="WARNING")


@click.command("worker-health")
@with_appcontext
def worker_health() -> None:
    """Succeed when a worker of this machine has shown a sign of life lately."""
    config: Config = current_app.config["LECTERN"]
    redis = Redis.from_url(config.redis_url, socket_connect_timeout=2, socket_timeout=5)
    oldest = datetime.now(UTC) - timedelta(seconds=3 * HEARTBEAT)
    for known in Worker.all(connection=redis):
        alive = known.last_heartbeat is not None and known.last_heartbeat > oldest
        if alive and known.hostname == socket.gethostname():
            return
    raise click.ClickException("No worker of this machine has shown a sign of life lately.")
