"""What can go wrong in the store, by name; each with its HTTP status (1.0.3 3.2)."""

from collections.abc import Mapping, Sequence

from xapi_lrs.core.problems import Problem


class LrsError(Exception):
    """Base of all refusals; `problems` lists every fault found, where there can be several."""

    status_hint = 400
    code = "bad_request"
    headers: Mapping[str, str] = {}
    """What the answer carries besides, such as Retry-After."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)


class MalformedJson(LrsError):
    """The body is not one strict JSON text. XP-20"""

    code = "malformed_json"


class InvalidRequest(LrsError):
    """A header, a query parameter or the content type is wrong. XP-02, XP-15, XP-16"""

    code = "invalid_request"


class MalformedMultipart(LrsError):
    """The body is not the multipart/mixed that its Content-Type says. XP-31"""

    code = "malformed_multipart"


class StatementsRefused(LrsError):
    """At least one statement of the request breaks a rule; nothing was stored. XP-22"""

    code = "invalid_statements"


class NotAuthenticated(LrsError):
    """No credential, an unknown one or a wrong secret. XP-19"""

    status_hint = 401
    code = "not_authenticated"


class NotAllowed(LrsError):
    """The credential is good but may not do this."""

    status_hint = 403
    code = "not_allowed"


class NotFound(LrsError):
    """No such statement, or nothing at this address."""

    status_hint = 404
    code = "not_found"


class MethodNotAllowed(LrsError):
    """The address exists, the method does not."""

    status_hint = 405
    code = "method_not_allowed"


class StatementConflict(LrsError):
    """The id belongs to a statement with other content; nothing was stored. XP-26"""

    status_hint = 409
    code = "statement_conflict"


class TooLarge(LrsError):
    """More bytes or more statements than this store takes in one request."""

    status_hint = 413
    code = "too_large"


class Unavailable(LrsError):
    """The database is away; nobody may know whether the request was done, the same one may be
    repeated. XP-22"""

    status_hint = 503
    code = "unavailable"
    headers: Mapping[str, str] = {"Retry-After": "2"}
