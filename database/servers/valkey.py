"""An embedded Valkey (it speaks Redis): its folder, command line and address."""

import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from database.servers.binaries import find_valkey
from database.servers.identity import Identity
from database.servers.sockets import socket_folder


@dataclass(frozen=True)
class ValkeyServer:
    """What is needed to start one server and to reach it."""

    command: list[str]
    socket_path: Path

    @property
    def url(self) -> str:
        """The address as redis-py reads it."""
        return f"unix://{quote(str(self.socket_path), safe='/')}"

    def answers(self) -> bool:
        """Whether the server answers PING."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket_path))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def prepare_valkey(root: Path, *, durable: bool = True) -> ValkeyServer:
    """Make the folder below `root` and return how to start the server.

    Appends are synced each second: what the last second lost is a hint only, the rows of
    PostgreSQL bring it back. `durable=False` keeps nothing on disk.
    """
    data = root / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    path = socket_folder(root, "vk", Identity()) / "valkey.sock"
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": "",
        "loglevel": "warning",
    }
    command = [str(find_valkey())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return ValkeyServer(command, path)
