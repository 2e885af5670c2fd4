"""`flask ticker`: asks for a sweep every SWEEP_SECONDS, however many tickers run.

RQ's own `rq cron` writes pickle, which our JSON workers refuse, and two of them would ask twice.
Here each slot of time has one key in Redis, and whoever sets it first asks.
"""

import time
from collections.abc import Callable

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext
from redis import Redis
from redis.exceptions import RedisError

from lti_app.config import Config
from lti_app.queue import SWEEP, Job, enqueue

log = structlog.get_logger(__name__)


def claim_slot(redis: Redis, now: float, pause: int) -> bool:
    """Whether this ticker is the first in the slot of `now` (seconds since 1970)."""
    slot = int(now // pause)
    return bool(redis.set(f"lectern:sweep:{slot}", 1, nx=True, ex=max(60, 10 * pause)))


def tick(redis: Redis, now: float, pause: int, ask: Callable[[Job], object]) -> bool:
    """Ask for the sweep unless another ticker did for this slot; a silent Redis is waited out."""
    try:
        if not claim_slot(redis, now, pause):
            return False
    except RedisError as error:
        log.warning("tick_lost", error=str(error))
        return False
    ask(SWEEP)
    return True


@click.command("ticker")
@with_appcontext
def ticker() -> None:
    """Tick until a signal arrives."""
    config: Config = current_app.config["LECTERN"]
    if not config.redis_url:
        raise click.ClickException("REDIS_URL is not set: the ticker needs the queue's address")
    redis = Redis.from_url(config.redis_url, socket_connect_timeout=2, socket_timeout=5)
    pause = max(1, config.sweep_seconds)
    while True:
        tick(redis, time.time(), pause, enqueue)
        time.sleep(pause - time.time() % pause + 0.001)
