"""Addresses to listen on, checked before anything is started."""

import errno
import socket
import time
from dataclasses import dataclass

from lti_app.cli.failure import StartFailed

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Address:
    """A host (IPv4 or IPv6, without brackets) and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET


def parse_address(text: str, setting: str) -> Address:
    """`host:port` as written in `setting`; raises StartFailed."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise StartFailed(f"{setting} is {text!r}: it must be like 127.0.0.1:8000")
    return Address(host.strip("[]"), int(port))


def listen_addresses(address: Address) -> list[Address]:
    """Where to listen so that both http://localhost and http://127.0.0.1 answer.

    Browsers try ::1 for `localhost` first: on loopback the server takes both, so that nobody
    else's server is reached instead.
    """
    if address.host not in _LOOPBACK:
        return [address]
    both = [Address("127.0.0.1", address.port)]
    return [*both, Address("::1", address.port)] if _has_ipv6_loopback() else both


def require_free(addresses: list[Address], setting: str, patience: float = 0.0) -> None:
    """Raise StartFailed unless every address can be listened on, at the latest in `patience` s."""
    deadline = time.monotonic() + patience
    for address in addresses:
        while (reason := _refusal(address)) is not None:
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise StartFailed(_advice(address, setting, reason))


def _advice(address: Address, setting: str, reason: OSError) -> str:
    other = Address(address.host, address.port + 10)
    example = f"http://{other}" if setting.endswith("_URL") else str(other)
    if reason.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} is taken by another program: stop it, or choose another port: "
            f"{setting}={example} make run"
        )
    return (
        f"Cannot listen on {address} ({reason.strerror}): choose another address: "
        f"{setting}={example} make run"
    )


def _refusal(address: Address) -> OSError | None:
    with socket.socket(address.family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if address.family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen(1)
        except OSError as error:
            return error
    return None


def _has_ipv6_loopback() -> bool:
    return socket.has_ipv6 and _refusal(Address("::1", 0)) is None
