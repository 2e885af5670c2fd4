"""gunicorn's settings: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`, also under `make run`.

Threads, because views wait for the database. A worker is renewed now and then, at a random
moment, so that a slow leak never becomes an outage and not all are renewed at once. In production
a buffering proxy stands in front (deploy/Caddyfile): half-sent requests would hold the threads.
"""

import gc
import os
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000").split()
worker_class = "gthread"
# The application is loaded once and then forked: half the start, and memory is shared. Nothing may
# be connected while it loads (the pools of database and queue open at their first use).
preload_app = True
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 5_000
control_socket_disable = True
# Wider than what the record store reads (xapi_lrs/views/gate.py): it refuses in words.
limit_request_line = 8190
limit_request_field_size = 32_768
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (heartbeat files in memory)
accesslog = None
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Before the workers are forked: what is loaded stays, so the collector need not look at it.

    Keeps its memory shared between the workers, and spares each of them half a second at its end.
    """
    gc.freeze()
