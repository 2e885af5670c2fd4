"""gunicorn's settings: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`, also under `make run`.

Threads, because views wait for the database. A worker is renewed now and then, at a random
moment, so that a slow leak never becomes an outage and not all are renewed at once. In production
a buffering proxy stands in front (deploy/Caddyfile): half-sent requests would hold the threads.
"""

import gc
import os
import select
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

LINGER_MS = 5


class LingeringWorker(ThreadWorker):
    """gthread, but a thread that has answered waits a moment for the next request of its
    connection, instead of handing it to the main thread and getting it back.

    A client that sends one statement after the other is spared two changes of thread for each: a
    quarter of what gunicorn itself costs. Never while anybody waits for a thread.
    """

    def handle(self, conn: Any) -> Any:
        while True:
            is_kept = super().handle(conn)
            if is_kept is not True or not self._has_next(conn):
                return is_kept

    def _has_next(self, conn: Any) -> bool:
        """Nothing may be read ahead: the main thread looks after that."""
        is_idle = self.alive and not conn.is_http2 and self.tpool._work_queue.empty()
        if not is_idle or conn.parser.unreader.buf.getvalue():
            return False
        watcher = select.poll()
        watcher.register(conn.sock, select.POLLIN)
        return bool(watcher.poll(LINGER_MS))


bind = os.environ.get("BIND", "127.0.0.1:8000").split()
worker_class = LingeringWorker
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
