"""Structured logs: one JSON line per event, each with the request's trace id."""

import logging
import sys
from uuid import uuid4

import structlog
from flask import Flask, g, request
from structlog.tracebacks import ExceptionDictTransformer


def init_app(app: Flask, level: str) -> None:
    """Log to standard error, and give each request the trace id that its error page shows."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without local variables: they may hold a password or a token.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )

    @app.before_request
    def start_trace() -> None:
        g.trace_id = uuid4().hex[:16]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace_id=g.trace_id, method=request.method)


def trace_id() -> str:
    """The trace id of the running request."""
    return str(g.get("trace_id", ""))
