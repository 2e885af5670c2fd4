"""The short way in for what nearly every request is: a known credential sends plain statements.

    StatementDoor ─► looks at the environ, reads and validates ─► one round trip ─► 200 or 204
          └── anything that is not that simple, errors too ─► Flask and views/statements.py

It only ever says yes. Whatever it cannot do it leaves to the application, with the body put back,
as if it had not been there; so refusals, their headers and their log are made in one place only.
The application answers the first request of a credential and of each kind; the door remembers
how, and answers with the same headers.

It is open where the host does not want to hear of statements (that takes a session, and more than
one round trip), and where the clock is the system's, for `stored` is the database's clock here.

Where the web server keeps a lane (views/statement_lane.py), the same steps are taken there, one
after the other, for requests that are read without a thread of their own.
"""

import re
from collections.abc import Callable, Hashable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from weakref import WeakKeyDictionary

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from database.lines import Line
from database.round_trips import RoundTrips
from xapi_lrs.core import bounds
from xapi_lrs.core.credential import authority_of, parse_authorization
from xapi_lrs.core.errors import InvalidRequest, LrsError
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.scopes import DEFINE, WRITE
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.core.timestamps import format_timestamp
from xapi_lrs.core.versions import parse_version
from xapi_lrs.services.entrance import Entry, admit
from xapi_lrs.services.gathering import Gatherer
from xapi_lrs.services.reception import (
    CommitUnknown,
    Parcel,
    Steps,
    make_parcel,
    receive,
    storing,
)
from xapi_lrs.services.statement_rows import arrive
from xapi_lrs.services.statements import check_statements
from xapi_lrs.views.alternate import REFUSED
from xapi_lrs.views.answers import CONSISTENT_THROUGH, settled_before
from xapi_lrs.views.body import parse_body
from xapi_lrs.views.door import COUNTED, find_known, is_use_due, mark_of
from xapi_lrs.views.gate import check_rate
from xapi_lrs.views.host import NAME, Host, ignore, system_clock
from xapi_lrs.views.params import read_block

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]

_ADDRESS = re.compile(r"/xapi/([^/]{1,200})/statements")
_NAMED = re.compile(r"statementId=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_PLAIN_JSON = frozenset(
    ("application/json", "application/json; charset=utf-8", "application/json;charset=utf-8")
)
_OWN = frozenset(("content-length", CONSISTENT_THROUGH.lower()))
"""Headers that differ from answer to answer."""
_MOST_BYTES = 256 * 1024
"""A larger body is worth the long way."""
TOGETHER = 32
"""Requests of one transaction."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A request that looks like the common case."""

    slug: str
    statement_id: UUID | None
    """Of a PUT."""
    length: int
    version: str
    mark: bytes
    """Of the Authorization header."""
    authorization: str
    header_bytes: int


@dataclass(frozen=True, slots=True)
class Ready:
    """What a request brought, valid and let in as far as this process knows."""

    entry: Entry
    version: str
    kind: Hashable
    """Those of the same kind may share a transaction."""
    parcel: Parcel
    authority: JsonObject
    method: str
    body: bytes
    """Of the answer, once it is stored."""


class StatementDoor:
    """WSGI middleware; the store's blueprint is behind it. XP-22, XP-26"""

    def __init__(self, application: Any, app: Flask) -> None:
        self._application = application
        self._app = app
        self._round_trips = RoundTrips(app)
        self._manners: dict[tuple[str, str], Headers] = {}
        """Method and version to the headers of the application's answers."""
        self._gatherer: Gatherer[Ready, bool] = Gatherer(
            TOGETHER, lambda error: isinstance(error, CommitUnknown)
        )
        self.notes: MutableMapping[Any, Environ] = WeakKeyDictionary()
        """What the lane has found out about the next request of a connection that it gave back."""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self.notes and "gunicorn.socket" in environ:
            environ.update(self.notes.pop(environ["gunicorn.socket"], {}))
        knock = self.look(environ)
        if knock is not None:
            method = environ["REQUEST_METHOD"]
            if not self.knows(method, knock.version):
                start_response = self._learn(environ, knock, start_response)
            else:
                try:
                    body = self._serve(environ, knock)
                except LrsError:
                    body = None  # the application says it better
                except CommitUnknown as error:
                    body, environ[REFUSED] = None, error
                if body is not None:
                    return _answer(body, self.headers(method, knock.version), start_response)
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer

    def look(self, environ: Environ) -> Knock | None:
        """Everything that can be told from the head of the request alone."""
        host = self.host
        is_open = host.on_statements is ignore and host.now is system_clock
        return _look(environ, host) if is_open else None

    def knows(self, method: str, version: str) -> bool:
        """Whether the application has shown how it answers such a request."""
        return (method, version) in self._manners

    def headers(self, method: str, version: str) -> Headers:
        """Of the answer to a request that was served here; Content-Length is still to be added."""
        settled = format_timestamp(settled_before(self._app, self.host.now()))
        return [*self._manners[method, version], (CONSISTENT_THROUGH, settled)]

    def let_in(self, knock: Knock) -> Entry | None:
        """Who was let in before and may still do this, as far as this process knows: the database
        compares. Raises LrsError."""
        entry = find_known(knock.mark)
        if entry is None or entry.store_slug != knock.slug:
            return None
        now, proof = self.host.now(), parse_authorization(knock.authorization)
        permit = admit(entry, proof, now=now, server_secret=self.host.server_secret)
        if WRITE not in permit.acts or permit.bounds.origins or is_use_due(permit, now):
            return None
        return entry if knock.header_bytes <= self.host.limits.header_bytes else None

    def count(self, entry: Entry) -> None:
        """Once for each request, which is then COUNTED. Raises LrsError."""
        check_rate(self.host, entry.permit)

    def read(self, knock: Knock, entry: Entry, body: bytes) -> Ready | None:
        """None: these statements go the whole way. Raises LrsError."""
        sent = parse_body(body, self.host.limits)
        if knock.statement_id is not None:
            sent = sent.named(knock.statement_id)
        bodies = [one.value for one in sent.received]
        if not bodies:
            return None
        authority = authority_of(entry.permit.name, entry.permit.account, self.host.app_url)
        check_statements(bodies, authority, knock.version)
        for one in bodies:
            bounds.check_statement(entry.permit.bounds, one)
        batch = [arrive(one.value, one.text) for one in sent.received]
        parcel = make_parcel(batch, may_define=DEFINE in entry.permit.acts)
        if parcel is None:
            return None
        ids = [one.statement_id for one in batch]
        method = "PUT" if knock.statement_id else "POST"
        answer = b"" if knock.statement_id else dump_json(ids).encode()
        kind = (knock.mark, knock.version)
        return Ready(entry, knock.version, kind, parcel, authority, method, answer)

    def store(self, group: Sequence[Ready]) -> bool:
        """Requests of one kind, in one transaction, committed; or nothing of them is stored.

        Raises CommitUnknown; SQLAlchemyError without a connection: nothing was sent."""
        with self._round_trips.exchange() as exchange:
            return receive(exchange, self.storing(group))

    def storing(self, group: Sequence[Ready]) -> Steps:
        """The steps of that, for who does not wait for the database."""
        first = group[0]
        return storing(
            first.entry,
            [one.parcel for one in group],
            authority=first.authority,
            version=first.version,
        )

    def open_line(self) -> Line:
        """To the database. Raises the driver's errors."""
        return self._round_trips.open_line("lectern lane")

    @property
    def host(self) -> Host:
        found: Host = self._app.extensions[NAME]
        return found

    def _serve(self, environ: Environ, knock: Knock) -> bytes | None:
        """The body of the answer once all is committed; None where that needs the application.
        Raises LrsError, CommitUnknown."""
        entry = self.let_in(knock)
        if entry is None:
            return None
        if COUNTED not in environ:
            self.count(entry)
            environ[COUNTED] = True
        ready = self.read(knock, entry, _read(environ, knock.length))
        if ready is None:
            return None

        def together(group: Sequence[Ready]) -> list[bool]:
            return [self.store(group)] * len(group)

        try:
            stored = self._gatherer.run(ready.kind, ready, together, lambda: self.store([ready]))
        except SQLAlchemyError:
            return None
        return ready.body if stored else None

    def _learn(
        self, environ: Environ, knock: Knock, start_response: StartResponse
    ) -> StartResponse:
        """What the application says to such a request, for those that follow."""

        def watched(status: str, headers: Headers, exc_info: Any = None) -> Any:
            names = {name.lower() for name, _ in headers}
            if status[:3] in ("200", "204") and not names & {"set-cookie", "vary"}:
                kept = [one for one in headers if one[0].lower() not in _OWN]
                self._manners[environ["REQUEST_METHOD"], knock.version] = kept
            return start_response(status, headers, exc_info)

        return watched


def _answer(body: bytes, headers: Headers, start_response: StartResponse) -> list[bytes]:
    if body:
        headers.append(("Content-Length", str(len(body))))
    start_response("200 OK" if body else "204 NO CONTENT", headers)
    return [body] if body else []


def _look(environ: Environ, host: Host) -> Knock | None:
    address = _ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
    method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
    if address is None or method not in ("POST", "PUT"):
        return None
    named = _NAMED.fullmatch(query) if method == "PUT" else None
    length, version = environ.get("CONTENT_LENGTH") or "", environ.get(_VERSION)
    is_plain = (
        (named is not None if method == "PUT" else not query)
        and environ.get("CONTENT_TYPE", "").lower() in _PLAIN_JSON
        and length.isdecimal()
        and int(length) <= min(_MOST_BYTES, host.limits.body_bytes)
        and environ.get("HTTP_HOST") == urlsplit(host.app_url).netloc
        and not any(name in environ for name in _UNUSUAL)
        and REFUSED not in environ
    )
    if not is_plain or version not in _VERSIONS:
        return None
    header = environ.get("HTTP_AUTHORIZATION", "")
    return Knock(
        slug=address[1],
        statement_id=UUID(named[1]) if named else None,
        length=int(length),
        version=parse_version(version),
        mark=mark_of(header),
        authorization=header,
        header_bytes=sum(
            len(name) + len(environ[name]) for name in environ if name.startswith("HTTP_")
        ),
    )


_VERSION = "HTTP_X_EXPERIENCE_API_VERSION"
_VERSIONS = frozenset(("1.0", "1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0", "2.0.0"))
_UNUSUAL = ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING")


def _read(environ: Environ, length: int) -> bytes:
    """The body, which the application finds again as if it had not been read. Raises
    InvalidRequest when it broke off."""
    body = read_block(environ["wsgi.input"], length)
    environ["wsgi.input"] = BytesIO(body)
    if len(body) < length:
        raise InvalidRequest("the body broke off before its end")
    return body
