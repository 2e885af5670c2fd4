"""Before anything is looked up or read: requests that are too large, or too many."""

from ipaddress import IPv6Address, ip_address

from flask import request

from xapi_lrs.core.permit import Permit
from xapi_lrs.core.rates import AddressTooLong, HeadersTooLarge, Rate, TooManyRequests
from xapi_lrs.views.host import Host, host

_BURST_SECONDS = 10
"""A bucket holds what a credential may send in so many seconds: content sends in bursts."""
_LEAST_BURST = 20


def refuse_oversized() -> None:
    """before_request. Raises AddressTooLong, HeadersTooLarge."""
    limits = host().limits
    address = len(request.path) + len(request.query_string)
    if address > limits.address_bytes:
        raise AddressTooLong(
            f"path and query have {address} characters, this server reads {limits.address_bytes}"
            "; a 1.0.x client may POST the parameters as a form with ?method=GET"
        )
    headers = sum(len(name) + len(value) + 4 for name, value in request.headers)
    if headers > limits.header_bytes:
        raise HeadersTooLarge(
            f"the headers have {headers} bytes together, this server reads {limits.header_bytes}"
        )


def check_rate(lender: Host, permit: Permit) -> None:
    """One request of this credential. Raises TooManyRequests."""
    own = permit.requests_per_second
    per_second = lender.limits.requests_per_second if own is None else own
    if per_second <= 0:
        return
    rate = Rate(per_second, max(per_second * _BURST_SECONDS, _LEAST_BURST))
    wait = lender.rates.take(f"requests {permit.id}", rate)
    if wait:
        raise TooManyRequests(
            f"this credential sends more than {per_second:g} requests a second: "
            "wait as long as Retry-After says, and send statements in batches",
            wait,
        )


def check_failures() -> None:
    """Whether this address has been refused too often. Raises TooManyRequests."""
    wait = host().rates.look(_failures(), _failure_rate())
    if wait:
        raise TooManyRequests(
            "too many requests with wrong credentials came from this address: wait as long as "
            "Retry-After says, and check key and secret",
            wait,
        )


def note_failure() -> None:
    host().rates.take(_failures(), _failure_rate())


def _failure_rate() -> Rate:
    per_minute = host().limits.failures_per_minute
    return Rate(per_minute / 60, max(per_minute, 1))


def _failures() -> str:
    return f"failures {_network(request.remote_addr or '')}"


def _network(address: str) -> str:
    """An IPv6 client has a /64 of addresses to choose from (RFC 4291 2.5.4): they count as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if parsed.version == 6 else address
