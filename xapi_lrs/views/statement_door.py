"""The short way in for what nearly every request is: a known credential sends plain statements.

    StatementDoor ─► looks at the environ, reads and validates ─► one round trip ─► 200 or 204
          └── anything that is not that simple, errors too ─► Flask and views/statements.py

It only ever says yes. Whatever it cannot do it leaves to the application, with the body put back,
as if it had not been there; so refusals, their headers and their log are made in one place only.
The application answers the first request of a credential and of each kind; the door remembers
how, and answers with the same headers.

It is open where the host does not want to hear of statements (that takes a session, and more than
one round trip), and where the clock is the system's, for `stored` is the database's clock here.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from database.round_trips import RoundTrips
from xapi_lrs.core import bounds
from xapi_lrs.core.credential import authority_of, parse_authorization
from xapi_lrs.core.errors import InvalidRequest, LrsError
from xapi_lrs.core.scopes import DEFINE, WRITE
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.core.timestamps import format_timestamp
from xapi_lrs.core.versions import parse_version
from xapi_lrs.services.entrance import Entry, admit
from xapi_lrs.services.gathering import Gatherer
from xapi_lrs.services.reception import CommitUnknown, Parcel, make_parcel, receive
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
_TOGETHER = 32
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


class StatementDoor:
    """WSGI middleware; the store's blueprint is behind it. XP-22, XP-26"""

    def __init__(self, application: Any, app: Flask) -> None:
        self._application = application
        self._app = app
        self._round_trips = RoundTrips(app)
        self._manners: dict[tuple[str, str], Headers] = {}
        """Method and version to the headers of the application's answers."""
        self._gatherer: Gatherer[Parcel, bool] = Gatherer(
            _TOGETHER, lambda error: isinstance(error, CommitUnknown)
        )

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        host: Host = self._app.extensions[NAME]
        knock = _look(environ, host)
        if knock is not None:
            manners = self._manners.get((environ["REQUEST_METHOD"], knock.version))
            if manners is None:
                start_response = self._learn(environ, knock, start_response)
            else:
                try:
                    body = self._serve(environ, host, knock)
                except LrsError:
                    body = None  # the application says it better
                except CommitUnknown as error:
                    body, environ[REFUSED] = None, error
                if body is not None:
                    return self._answer(body, manners, host, start_response)
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer

    def _serve(self, environ: Environ, host: Host, knock: Knock) -> bytes | None:
        """The body of the answer once all is committed; None where that needs the application.
        Raises LrsError, CommitUnknown."""
        entry = _let_in(environ, host, knock)
        if entry is None:
            return None
        check_rate(host, entry.permit)
        environ[COUNTED] = True
        sent = parse_body(_read(environ, knock.length), host.limits)
        if knock.statement_id is not None:
            sent = sent.named(knock.statement_id)
        bodies = [one.value for one in sent.received]
        if not bodies:
            return None
        authority = authority_of(entry.permit.name, entry.permit.account, host.app_url)
        check_statements(bodies, authority, knock.version)
        for body in bodies:
            bounds.check_statement(entry.permit.bounds, body)
        batch = [arrive(one.value, one.text) for one in sent.received]
        parcel = make_parcel(batch, may_define=DEFINE in entry.permit.acts)
        if parcel is None:
            return None

        def together(parcels: Sequence[Parcel]) -> list[bool]:
            with self._round_trips.connection() as connection:
                done = receive(
                    connection, entry, parcels, authority=authority, version=knock.version
                )
            return [done] * len(parcels)

        kind = (knock.mark, knock.version)
        try:
            stored = self._gatherer.run(kind, parcel, together, lambda: together([parcel])[0])
        except SQLAlchemyError:  # no connection: nothing was sent
            return None
        if not stored:
            return None
        return (
            b"" if knock.statement_id else dump_json([one.statement_id for one in batch]).encode()
        )

    def _answer(
        self, body: bytes, manners: Headers, host: Host, start_response: StartResponse
    ) -> list[bytes]:
        settled = format_timestamp(settled_before(self._app, host.now()))
        headers = [*manners, (CONSISTENT_THROUGH, settled)]
        if body:
            headers.append(("Content-Length", str(len(body))))
        start_response("200 OK" if body else "204 NO CONTENT", headers)
        return [body] if body else []

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


def _look(environ: Environ, host: Host) -> Knock | None:
    """Everything that can be told from the head of the request alone."""
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
        and host.on_statements is ignore
        and host.now is system_clock
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
    )


_VERSION = "HTTP_X_EXPERIENCE_API_VERSION"
_VERSIONS = frozenset(("1.0", "1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0", "2.0.0"))
_UNUSUAL = ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING")


def _let_in(environ: Environ, host: Host, knock: Knock) -> Entry | None:
    """Who was let in before and may still do this, as far as this process knows: the database
    compares. Raises LrsError."""
    entry = find_known(knock.mark)
    if entry is None or entry.store_slug != knock.slug:
        return None
    now = host.now()
    proof = parse_authorization(knock.authorization)
    permit = admit(entry, proof, now=now, server_secret=host.server_secret)
    if WRITE not in permit.acts or permit.bounds.origins or is_use_due(permit, now):
        return None
    size = sum(len(name) + len(environ[name]) for name in environ if name.startswith("HTTP_"))
    return entry if size <= host.limits.header_bytes else None


def _read(environ: Environ, length: int) -> bytes:
    """The body, which the application finds again as if it had not been read. Raises
    InvalidRequest when it broke off."""
    body = read_block(environ["wsgi.input"], length)
    environ["wsgi.input"] = BytesIO(body)
    if len(body) < length:
        raise InvalidRequest("the body broke off before its end")
    return body
