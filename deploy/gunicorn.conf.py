"""gunicorn's settings: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`, also under `make run`.

Threads, because views wait for the database. A worker is renewed now and then, at a random
moment, so that a slow leak never becomes an outage and not all are renewed at once. In production
a buffering proxy stands in front (deploy/Caddyfile): half-sent requests would hold the threads.
"""

import gc
import os
import re
import select
from concurrent.futures import Future
from typing import Any

from gunicorn.http import wsgi
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers.gthread import ThreadWorker

LINGER_MS = 5
_NOT_PLAIN = re.compile(rb"\r\n(expect|transfer-encoding|upgrade|trailer|te) *:", re.IGNORECASE)


class LaneWorker(ThreadWorker):
    """gthread, but connections that go on speaking spare themselves most of its changes of thread.

    Who has sent a statement is looked after by the record store's lane (StatementLane), until he
    says something else or nothing. All others: a thread that has answered waits a moment for the
    next request, instead of handing the connection to the main thread and getting it back; a
    quarter of what gunicorn itself costs. Never while anybody waits for a thread.
    """

    lane: Any = None

    def run(self) -> None:
        # Not earlier: here the application can be imported, and threads are this process's own.
        from xapi_lrs.views.statement_lane import LANE, StatementLane

        door = getattr(self.wsgi, "extensions", {}).get(LANE)
        if door is not None and not self.cfg.is_ssl:
            self.lane = StatementLane(door, self)
            self.lane.start()
        super().run()

    def handle(self, conn: Any) -> Any:
        while True:
            is_kept = super().handle(conn)
            if is_kept is not True or conn.is_http2 or conn.parser.unreader.buf.getvalue():
                return is_kept
            if self.lane is not None and self._is_statement(conn) and self.lane.take(conn):
                return None
            if not self._has_next(conn):
                return is_kept

    def _is_statement(self, conn: Any) -> bool:
        message = conn.parser.mesg
        return message.method in ("POST", "PUT") and message.path.endswith("/statements")

    def _has_next(self, conn: Any) -> bool:
        """Nothing may be read ahead: the main thread looks after that."""
        if not self.alive or not self.tpool._work_queue.empty():
            return False
        watcher = select.poll()
        watcher.register(conn.sock, select.POLLIN)
        return bool(watcher.poll(LINGER_MS))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Nothing is finished where the lane goes on."""
        if fs.cancelled() or fs.exception() is not None or fs.result() is not None:
            super().finish_request(conn, fs)

    # What StatementLane asks of its server.

    def read_head(self, conn: Any, head: bytes) -> dict[str, Any] | None:
        """By gunicorn's own reader, so that there is one opinion of every request."""
        if _NOT_PLAIN.search(head):
            return None
        octets = IterUnreader([head])
        try:
            message = Request(self.cfg, octets, conn.client)
            if message.should_close() or octets.take_buffered():
                return None
            _, environ = wsgi.create(message, conn.sock, conn.client, conn.server, self.cfg)
        except Exception:
            return None  # handle() answers it
        return dict(environ)

    def take_back(self, conn: Any, data: bytes) -> None:
        if data:
            conn.parser.unreader.unread(data)
            self.enqueue_req(conn)
        else:
            self._finish(conn, is_kept=True)

    def close(self, conn: Any) -> None:
        self._finish(conn, is_kept=False)

    def _finish(self, conn: Any, is_kept: bool) -> None:
        done: Future[bool] = Future()
        done.set_result(is_kept)
        self.method_queue.defer(super().finish_request, conn, done)

    def is_taking(self) -> bool:
        return bool(self.alive) and bool(self.cfg.keepalive)

    def note_served(self, count: int) -> None:
        self.nr += count
        if self.nr >= self.max_requests and self.alive:
            self.alive = False
            self.method_queue.defer(lambda: None)


bind = os.environ.get("BIND", "127.0.0.1:8000").split()
worker_class = LaneWorker
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
