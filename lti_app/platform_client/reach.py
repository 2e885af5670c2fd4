"""Which machines a platform's address may lead to.

Addresses come from administrators of organisations and from launches, and the answers are shown in
the ledger: without a fence whoever runs one organisation of a server could look at what lies behind
it (SSRF): its database's and queue's network, a cloud's metadata at 169.254.169.254. The address is
looked at once connected, before a byte is sent: a name that leads elsewhere a moment later, and a
redirect, do not help. Behind an HTTP proxy (HTTPS_PROXY) the proxy has to do this.
"""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError


@dataclass
class Reach:
    """What the settings allow; the application sets it when it starts."""

    private: bool = True
    """This machine and private networks, too."""

    def allows(self, host: str) -> bool:
        """Whether the IP address `host` may be spoken to."""
        address = ipaddress.ip_address(host.partition("%")[0])
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        address = mapped or address
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            return False
        return self.private or address.is_global


REACH = Reach()
"""Of this process."""


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(self, super()._new_conn())


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(self, super()._new_conn())


def _checked(connection: HTTPConnection, opened: socket.socket) -> socket.socket:
    host = str(opened.getpeername()[0])
    if not REACH.allows(host):
        opened.close()
        raise NewConnectionError(
            connection, f"{host} is not on the internet, see the setting PRIVATE_PLATFORMS"
        )
    return opened


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class FencedAdapter(HTTPAdapter):
    """Connects to what REACH allows."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
