"""What `make run` consists of: which processes, with which settings, in which order."""

import http
import http.client
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from database.rls import APPLICATION_ROLE
from database.servers.identity import Identity
from database.servers.postgres import OWNER_ROLE, prepare_postgres
from database.servers.valkey import prepare_valkey
from lti_app.cli.children import Child
from lti_app.cli.environment import record_environment
from lti_app.cli.failure import StartFailed
from lti_app.cli.instance import CHECKOUT, secret_key
from lti_app.cli.ports import Address, listen_addresses, parse_address
from lti_app.config import Config, SettingInvalid


class Stack:
    """The children of one start below `folder`; `environ` is what the person has set."""

    def __init__(self, folder: Path, environ: Mapping[str, str], identity: Identity) -> None:
        self.folder = folder
        self.environ = environ
        self.identity = identity
        self.web = listen_addresses(parse_address(self._setting("BIND", "127.0.0.1:8000"), "BIND"))
        self.demo_url = self._setting("DEMO_LMS_URL", "http://127.0.0.1:8001").rstrip("/")
        self.demo = listen_addresses(_demo_address(self.demo_url))
        self.environment = self._common_environment()
        self.owner_url = self._setting("DATABASE_OWNER_URL", "")

    def check(self) -> None:
        """Raise StartFailed for settings that the application would refuse."""
        if self._setting("DATABASE_URL", "") and not self.owner_url:
            raise StartFailed(
                "DATABASE_URL is set but DATABASE_OWNER_URL is not: name the role that owns the "
                "tables there, or unset DATABASE_URL for the embedded database"
            )
        try:
            Config.from_env({**self.environ, **self.environment})
        except SettingInvalid as refusal:
            raise StartFailed(str(refusal)) from None

    def steps(self) -> list[list[Child]]:
        """Children to start, one step after the other; prepares the embedded servers' files."""
        servers = [*self._postgres(), *self._valkey()]
        # Only `prepare` may change the schema; no other process learns the owner's address.
        self.environment["DATABASE_OWNER_URL"] = ""
        record_environment(self.folder, {**self.environment, "DATABASE_OWNER_URL": self.owner_url})
        prepare = self._flask("prepare", "--demo")
        prepare.environment = {**self.environment, "DATABASE_OWNER_URL": self.owner_url}
        prepare.finishes, prepare.patience, prepare.kill_signal = True, 300.0, signal.SIGKILL
        # Loading the application takes a second of processor time for each process, so the web
        # server loads while the database is prepared (it is ready once the tables are there),
        # and worker and ticker begin when people can already look at the first page.
        return [
            [*servers, self._demo_lms()],
            [prepare, self._web()],
            [self._worker(), self._flask("ticker")],
        ]

    def _setting(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def _common_environment(self) -> dict[str, str]:
        port = self.web[0].port
        return {
            "LECTERN_DATA": str(self.folder),
            "BIND": " ".join(str(address) for address in self.web),
            "APP_URL": self._setting("APP_URL", f"http://localhost:{port}"),
            "CONTENT_URL": self._setting("CONTENT_URL", f"http://127.0.0.1:{port}"),
            "DEMO_LMS_URL": self.demo_url,
            "SECRET_KEY": self._setting("SECRET_KEY", "") or secret_key(self.folder),
            "PYTHONUNBUFFERED": "1",
        }

    def _postgres(self) -> list[Child]:
        if url := self._setting("DATABASE_URL", ""):
            self.environment["DATABASE_URL"] = url
            return []
        server = prepare_postgres(self.folder, self.identity)
        self.environment["DATABASE_URL"] = server.url(APPLICATION_ROLE)
        self.owner_url = server.url(OWNER_ROLE)
        child = Child("postgres", server.command, self._log("postgres"), identity=self.identity)
        child.ready = lambda: server.accepts_connections(child.pid)
        # SIGINT: fast shutdown. SIGQUIT: at once, recovered from the log at the next start.
        child.stop_signal, child.kill_signal, child.grace = signal.SIGINT, signal.SIGQUIT, 30.0
        return [child]

    def _valkey(self) -> list[Child]:
        if url := self._setting("REDIS_URL", ""):
            self.environment["REDIS_URL"] = url
            return []
        server = prepare_valkey(self.folder)
        self.environment["REDIS_URL"] = server.url
        return [Child("valkey", server.command, self._log("valkey"), ready=server.answers)]

    def _worker(self) -> Child:
        child = self._flask("worker")
        child.grace = 15.0  # the running job may finish; what cannot is done again by a sweep
        return child

    def _web(self) -> Child:
        child = self._gunicorn("web", "wsgi:app", "-c", str(CHECKOUT / "deploy/gunicorn.conf.py"))
        child.environment = self.environment
        child.ready = lambda: _answers(self.web[0], "/ready")
        return child

    def _demo_lms(self) -> Child:
        child = self._gunicorn("demo-lms", "demo_lms.wsgi:app", "--no-control-socket")
        # One process: it keeps its gradebook in memory and in a JSON file.
        child.command += ["-k", "gthread", "-w", "1", "--threads", "16", "--log-level", "warning"]
        for address in self.demo:
            child.command += ["-b", str(address)]
        child.environment = {
            "DEMO_LMS_URL": self.demo_url,
            "DEMO_LMS_DATA": str(self.folder / "demo-lms"),
            "DEMO_TOOL_URL": self.environment["APP_URL"],
            "PYTHONUNBUFFERED": "1",
        }
        child.ready = lambda: _answers(self.demo[0], "/lms/")
        return child

    def _gunicorn(self, name: str, application: str, *arguments: str) -> Child:
        child = self._python(name, "gunicorn", application, *arguments)
        # When the supervisor is killed: quit at once, so that the port is free for the next start.
        child.orphan_signal, child.grace = signal.SIGQUIT, 15.0
        return child

    def _flask(self, command: str, *arguments: str) -> Child:
        return self._python(command, "flask", "--app", "wsgi", command, *arguments)

    def _python(self, name: str, module: str, *arguments: str) -> Child:
        command = [sys.executable, "-m", module, *arguments]
        return Child(name, command, self._log(name), dict(self.environment), CHECKOUT)

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"


def _demo_address(url: str) -> Address:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or parts.path:
        raise StartFailed(f"DEMO_LMS_URL is {url!r}: it must be like http://127.0.0.1:8001")
    return Address(parts.hostname, parts.port or 80)


def _answers(address: Address, path: str) -> bool:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
