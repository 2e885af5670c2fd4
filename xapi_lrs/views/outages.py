"""When the database is away: the sender is told to come again, and how nothing is stored twice."""

import structlog
from flask import Response
from sqlalchemy.exc import InterfaceError, OperationalError

from xapi_lrs.core.errors import Unavailable
from xapi_lrs.services.reception import CommitUnknown
from xapi_lrs.views.answers import refusal

log = structlog.get_logger(__name__)

AWAY = (OperationalError, InterfaceError, CommitUnknown)
"""The database refuses connections, has closed this one, or gave up the transaction."""


def outage(error: Exception) -> Response:
    log.error("store_unavailable", exc_info=error)
    return refusal(
        Unavailable(
            "The database of this store could not be reached, or the connection to it broke. Send "
            "the request again: a statement with an id of yours is not stored twice."
        )
    )
