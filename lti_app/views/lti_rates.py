"""How often one address may log in and be refused: a flood fills neither the log nor the table of
logins. Schools share addresses, hence the generous numbers; 0 is no limit."""

from functools import lru_cache

from flask import current_app, request
from werkzeug.exceptions import TooManyRequests

from lti_app.rates import SharedRates
from xapi_lrs.core.rates import Rate
from xapi_lrs.services.rates import MemoryRates, Rates


def check_logins() -> None:
    """Count a login; abort with 429 and Retry-After when there were too many."""
    _refuse_after(_rates().take(_name("login"), _rate(current_app.config["LECTERN"].lti_logins)))


def check_refusals() -> None:
    """Abort with 429 when this address has been refused too often lately."""
    limit = current_app.config["LECTERN"].lti_refusals
    _refuse_after(_rates().look(_name("refusal"), _rate(limit)))


def count_refusal() -> None:
    """One more login or launch of this address was refused."""
    _rates().take(_name("refusal"), _rate(current_app.config["LECTERN"].lti_refusals))


def _rate(per_minute: int) -> Rate:
    return Rate(per_minute / 60, max(1, per_minute))


def _name(kind: str) -> str:
    return f"lti:{kind}:{request.remote_addr}"


def _refuse_after(seconds: float) -> None:
    if seconds > 0:
        raise TooManyRequests(
            "Too many launches came from your network at once. Wait a moment, then open the "
            "activity again.",
            retry_after=int(seconds) + 1,
        )


def _rates() -> Rates:
    return _shared(current_app.config["LECTERN"].redis_url)


@lru_cache(maxsize=4)
def _shared(redis_url: str) -> Rates:
    return SharedRates(redis_url) if redis_url else MemoryRates()
