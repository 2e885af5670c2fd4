"""Each refused request of a known credential leaves a row that its store's people can read.

After the refused transaction was rolled back, in one of its own. What cannot be attributed
to a store (no credential, an unknown key) leaves none. Not more than a few a second per store are
written; the next row says how many were not.
"""

from typing import Any

import structlog
from flask import Blueprint, Response, current_app, g, request

from xapi_lrs.core.credential import Basic, parse_authorization
from xapi_lrs.core.errors import LrsError
from xapi_lrs.core.permit import Permit
from xapi_lrs.core.rates import Rate
from xapi_lrs.core.redaction import redact, storable
from xapi_lrs.services.rates import MemoryRates
from xapi_lrs.services.rejections import HEADERS, Refusal, record_rejection
from xapi_lrs.views.door import find_suspect
from xapi_lrs.views.host import host

log = structlog.get_logger(__name__)

BODY_KEPT = 4_096
"""Bytes of a body that are kept."""
_MARGIN = 512
"""Read beyond it, so that a secret is never cut in two before it is looked for."""
_TEXT_KEPT = 2_000
_HEADER_KEPT = 200
_DETAILS_KEPT = 20
_PACE = Rate(per_second=2, burst=100)
"""Rows of one store that one process writes."""
_STATE = "xapi_lrs.rejections"


class _State:
    def __init__(self) -> None:
        self.pace = MemoryRates()
        self.unrecorded: dict[str, int] = {}


class _Tee:
    """The body's stream; it keeps the beginning of what is read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.kept = bytearray()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._stream.read(size)
        missing = BODY_KEPT + _MARGIN - len(self.kept)
        if missing > 0:
            self.kept += data[:missing]
        return data


def watch(blueprint: Blueprint) -> None:
    """Look at every request of `blueprint`."""
    blueprint.record_once(lambda setup: setup.app.extensions.setdefault(_STATE, _State()))
    blueprint.before_request(_keep_body)
    blueprint.after_request(_record)


def _keep_body() -> None:
    if request.method in ("PUT", "POST"):
        request.environ["wsgi.input"] = g.xapi_body = _Tee(request.environ["wsgi.input"])


def _record(answer: Response) -> Response:
    if 400 <= answer.status_code < 500 and not _is_plain_absence(answer):
        try:
            _write(answer)
        except Exception:  # the refusal itself must reach the client
            log.exception("rejection_not_recorded")
    return answer


def _is_plain_absence(answer: Response) -> bool:
    """Asking for what is not there is no mistake: content looks for its state so."""
    return answer.status_code == 404 and request.method in ("GET", "HEAD", "DELETE")


def _write(answer: Response) -> None:
    if answer.status_code == 429 and not g.get("xapi_permit"):
        return  # a flood of strangers: looking each of them up would be a flood of queries
    permit = find_suspect()
    if permit is None:
        return
    state: _State = current_app.extensions[_STATE]
    store = str(permit.store_id)
    if state.pace.take(store, _PACE):
        state.unrecorded[store] = state.unrecorded.get(store, 0) + 1
        return
    refusal = _refusal(answer, permit, state.unrecorded.pop(store, 0))
    with host().transaction(permit.tenant_id) as session:
        record_rejection(session, permit, refusal, now=host().now(), keep=host().limits.rejections)


def _refusal(answer: Response, permit: Permit, unrecorded: int) -> Refusal:
    secrets = _secrets()
    error = answer.get_json(silent=True) or {}
    said = error.get("error")
    if not isinstance(said, dict):  # the token endpoint's shape
        said = {"code": said, "message": error.get("error_description")}
    kept = g.get("xapi_body")

    def clean(value: object, most: int = _TEXT_KEPT) -> str:
        return storable(redact(str(value or ""), secrets))[:most]

    return Refusal(
        method=request.method[:10],
        path=clean(request.path),
        query=clean(request.query_string.decode("latin-1")),
        headers={
            name: clean(request.headers[name], _HEADER_KEPT)
            for name in HEADERS
            if name in request.headers
        },
        status=answer.status_code,
        code=clean(said.get("code")),
        message=clean(said.get("message")),
        details=[
            {str(key): clean(value) for key, value in one.items()}
            for one in (said.get("details") or ())[:_DETAILS_KEPT]
        ],
        body=clean(kept.kept.decode("utf-8", "replace"), BODY_KEPT) if kept else "",
        body_bytes=request.content_length,
        unrecorded=unrecorded,
    )


def _secrets() -> list[str]:
    """Of this very request, however it was sent."""
    header = request.headers.get("Authorization", "")
    found = [header.partition(" ")[2].strip()]
    try:
        proof = parse_authorization(header)
    except LrsError:
        return found
    return [*found, proof.secret] if isinstance(proof, Basic) else found
