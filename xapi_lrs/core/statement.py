"""Is this a statement? One pass over plain dicts, all faults at once (xAPI 1.0.3 Data 2.2-2.4)."""

from collections.abc import Sequence
from typing import Any

from xapi_lrs.core import rx
from xapi_lrs.core.activity import check_activity
from xapi_lrs.core.actor import check_actor, check_authority
from xapi_lrs.core.attachment import check_attachments
from xapi_lrs.core.checks import check_object, check_string, present
from xapi_lrs.core.context import check_context, check_statement_ref
from xapi_lrs.core.errors import StatementsRefused
from xapi_lrs.core.problems import JsonObject, Problems
from xapi_lrs.core.requirements import NESTED, VOIDS
from xapi_lrs.core.result import check_result
from xapi_lrs.core.timestamps import is_timestamp
from xapi_lrs.core.verb import VOIDED, check_verb

SUB_STATEMENT = frozenset(
    ("objectType", "actor", "verb", "object", "result", "context", "timestamp", "attachments")
)
STATEMENT = (SUB_STATEMENT - {"objectType"}) | {"id", "stored", "authority", "version"}


def validate_statement(statement: Any, path: str = "", version: str = "1.0.3") -> Problems:
    """Every rule that `statement` breaks, under the rules of `version`; empty when it is valid."""
    problems = Problems()
    if not check_object(statement, STATEMENT, path, problems, "a statement"):
        return problems
    must = "must be a UUID with dashes"
    check_string(statement, "id", path, problems, check=rx.is_uuid, must=must, rule="XP-38")
    _check_body(statement, path, problems, version, inside=False)
    must = "must be an ISO 8601 timestamp"
    check_string(statement, "stored", path, problems, check=is_timestamp, must=must, rule="XP-11")
    if present(statement, "authority", path, problems):
        check_authority(statement["authority"], f"{path}.authority", problems)
    _check_version(statement, path, problems, version)
    return problems


def validate_statements(statements: Sequence[Any], version: str = "1.0.3") -> None:
    """Refuse the whole batch when one statement is wrong or an id appears twice. XP-09, XP-22

    Paths start with the place in the batch, `[3].actor`, unless there is only one statement.
    """
    problems = Problems()
    seen: set[str] = set()
    for index, statement in enumerate(statements):
        path = f"[{index}]" if len(statements) > 1 else ""
        found = validate_statement(statement, path, version)
        problems.extend(found)
        if not found and "id" in statement:
            name = statement["id"].lower()
            if name in seen:
                problems(f"{path}.id", "XP-09", "appears twice in this batch")
            seen.add(name)
    if problems:
        raise StatementsRefused(problems.sentence(), problems)


def _check_version(statement: JsonObject, path: str, problems: Problems, version: str) -> None:
    """A 1.0.x client may say 1.0 or 1.0.n; a 2.0 client 2.0.n as well. XP-12"""
    families = ("1.0", "2.0") if version.startswith("2") else ("1.0",)

    def known(text: str) -> bool:
        match = rx.VERSION.fullmatch(text)
        return match is not None and match["family"] in families

    must = f"must be {' or '.join(f'{family}.x' for family in families)}"
    check_string(statement, "version", path, problems, check=known, must=must, rule="XP-12")


def _check_body(
    body: JsonObject, path: str, problems: Problems, version: str, *, inside: bool
) -> None:
    """What a statement and a SubStatement (`inside`) have in common."""
    for key, check in (("actor", check_actor), ("verb", check_verb)):
        if present(body, key, path, problems):
            check(body[key], f"{path}.{key}", problems)
        elif key not in body:
            problems(f"{path}.{key}", "XP-21", "is missing")
    kind = _check_object(body, path, problems, version, inside)
    verb = body.get("verb")
    voids = type(verb) is dict and verb.get("id") == VOIDED
    if voids and kind != "StatementRef" and not inside:
        message = "of a voiding statement must be a StatementRef"
        problems(f"{path}.object", "XP-30", message, VOIDS)
    if present(body, "result", path, problems):
        check_result(body["result"], f"{path}.result", problems)
    if present(body, "context", path, problems):
        about_activity = kind == "Activity"
        check_context(
            body["context"],
            f"{path}.context",
            problems,
            about_activity=about_activity,
            version=version,
        )
    must = "must be an ISO 8601 timestamp"
    check_string(body, "timestamp", path, problems, check=is_timestamp, must=must, rule="XP-11")
    if present(body, "attachments", path, problems):
        check_attachments(body["attachments"], f"{path}.attachments", problems)


def _check_object(
    body: JsonObject, path: str, problems: Problems, version: str, inside: bool
) -> str:
    """The object's type, Activity when it does not say (1.0.3 Data 2.4.4)."""
    if not present(body, "object", path, problems):
        if "object" not in body:
            problems(f"{path}.object", "XP-21", "is missing")
        return ""
    target, here = body["object"], f"{path}.object"
    kind = target.get("objectType", "Activity") if type(target) is dict else "Activity"
    if kind == "Activity":
        check_activity(target, here, problems)
    elif kind == "Agent" or kind == "Group":
        check_actor(target, here, problems)
    elif kind == "StatementRef":
        check_statement_ref(target, here, problems)
    elif kind == "SubStatement" and not inside:
        if check_object(target, SUB_STATEMENT, here, problems, "a SubStatement"):
            _check_body(target, here, problems, version, inside=True)
    elif kind == "SubStatement":
        problems(here, "XP-41", "a SubStatement must not contain a SubStatement", NESTED)
    else:
        allowed = "Activity, Agent, Group, StatementRef or SubStatement"
        problems(f"{here}.objectType", "XP-21", f"must be {allowed}, written exactly so")
    return str(kind)
