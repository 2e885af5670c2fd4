"""The job queue: RQ on Redis or Valkey, JSON only, ids only.

The row is the truth, the queue is a hint (DESIGN decision 3). `enqueue` is called after the
commit with the ids of a row; when Redis is away the hint is lost, which is logged, and the sweep
(`lti_app.jobs.sweeps`) finds the row again. Nothing raises here.
"""

from dataclasses import dataclass
from functools import lru_cache

import structlog
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = structlog.get_logger(__name__)

QUEUES = ("grades", "emails", "progress", "certificates", "webhooks", "imports", "statements")
"""In the order in which a worker looks at them: what people wait for comes first."""


@dataclass(frozen=True)
class Job:
    """A function of `lti_app.jobs` to ask for; named, because nobody below imports it."""

    queue: str
    path: str
    """Dotted path; tests/house/test_jobs.py looks it up."""


DELIVER_SCORES = Job("grades", "lti_app.jobs.passback.deliver")
ENSURE_LINE_ITEM = Job("grades", "lti_app.jobs.line_items.ensure")
RUN_PLATFORM_JOB = Job("grades", "lti_app.jobs.platform_jobs.run")
RUN_IMPORT = Job("imports", "lti_app.jobs.imports.run")
RUN_RECORD_JOB = Job("statements", "lti_app.jobs.records.run")
REREAD_VERSION = Job("imports", "lti_app.jobs.imports.reread")
SEND_MAIL = Job("emails", "lti_app.jobs.mail.send")
RENDER_CERTIFICATE = Job("certificates", "lti_app.jobs.certificates.render")
RUN_ENROLMENT_IMPORT = Job("progress", "lti_app.jobs.enrolments.run")
RUN_REGRADE = Job("progress", "lti_app.jobs.quiz_regrades.run")
REMIND = Job("progress", "lti_app.jobs.reminders.run")
SWEEP = Job("grades", "lti_app.jobs.sweeps.sweep")

TIME_LIMITS = {"imports": 1800, "statements": 7200, "grades": 120}
"""Seconds after which a job is stopped; 300 elsewhere."""


@lru_cache(maxsize=4)
def _connect(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)


def connection() -> Redis | None:
    """The connection of the running application, or None where no queue is configured."""
    url = current_app.config["LECTERN"].redis_url
    return _connect(url) if url else None


def enqueue(job: Job, *ids: object) -> str:
    """Ask for `job` with `ids`; the queue's own id of it, empty when the hint was lost."""
    redis = connection()
    if redis is None:
        log.info("queue_absent", queue=job.queue, job=job.path)
        return ""
    try:
        made = Queue(job.queue, connection=redis, serializer=JSONSerializer).enqueue(
            job.path,
            args=tuple(str(id_) for id_ in ids),
            job_timeout=TIME_LIMITS.get(job.queue, 300),
            result_ttl=0,
            failure_ttl=7 * 24 * 3600,
        )
    except RedisError as error:
        log.warning("queue_unreachable", queue=job.queue, job=job.path, error=str(error))
        return ""
    return str(made.id)


def enqueue_once(job: Job, *ids: object) -> bool:
    """As `enqueue`, unless the very same stands in the queue already: so that each platform stands
    there once, however many grades it has, and all have their turn. One that was lost, with the
    queue or with a worker before it had `begun`, is asked for again."""
    redis = connection()
    key = _waiting_key(job, ids)
    try:
        is_known = redis is not None and not redis.set(key, "", nx=True, ex=_ONCE_SECONDS)
        if redis is not None and is_known and _is_waiting(redis, job, key):
            return True
        asked = enqueue(job, *ids)
        if redis is not None and asked:
            redis.set(key, str(asked), ex=_ONCE_SECONDS)
    except RedisError as error:
        log.warning("queue_unreachable", queue=job.queue, job=job.path, error=str(error))
        return False
    if not asked:
        begun(job, *ids)
    return bool(asked)


def _is_waiting(redis: Redis, job: Job, key: str) -> bool:
    known = redis.get(key)
    if not known:
        return False
    asked = known.decode() if isinstance(known, bytes) else str(known)
    return redis.lpos(Queue.redis_queue_namespace_prefix + job.queue, asked) is not None


def begun(job: Job, *ids: object) -> None:
    """The job runs: from here on it may be asked for again. Call it before reading anything."""
    redis = connection()
    try:
        if redis is not None:
            redis.delete(_waiting_key(job, ids))
    except RedisError as error:
        log.warning("queue_unreachable", queue=job.queue, job=job.path, error=str(error))


def is_waited_for(job: Job) -> bool:
    """Whether anything stands in the queue of `job`."""
    redis = connection()
    try:
        return redis is not None and bool(
            redis.llen(Queue.redis_queue_namespace_prefix + job.queue)
        )
    except RedisError:
        return False


def _waiting_key(job: Job, ids: tuple[object, ...]) -> str:
    return "lectern:asked:" + ":".join((job.path, *(str(one) for one in ids)))


_ONCE_SECONDS = 3600
"""So long it is remembered which job was asked for; longer than the queue is ever."""


def state() -> str:
    """For /ready: "ok", "absent" (not configured) or "unreachable" (jobs wait for the sweep)."""
    redis = connection()
    if redis is None:
        return "absent"
    try:
        redis.ping()
    except RedisError:
        return "unreachable"
    return "ok"
