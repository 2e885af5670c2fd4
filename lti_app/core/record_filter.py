"""What people type to find statements, as the parameters of GET statements.

An agent may be given as JSON, as an e-mail address, as a SHA-1 of one, as an OpenID, or as the
account's home page and name with a space between.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xapi_lrs.core.errors import InvalidRequest
from xapi_lrs.core.query import StatementQuery, parse_statement_request

FIELDS = ("agent", "verb", "activity", "registration", "since", "until")
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class RecordFilter:
    """A filter that was understood, or the reasons why not."""

    typed: Mapping[str, str]
    """Field to what stands in it."""
    pairs: tuple[tuple[str, str], ...]
    """The same as parameters of GET statements."""
    query: StatementQuery
    errors: Mapping[str, str]
    """Field to what is wrong with it; the query is the empty one then."""

    @property
    def is_set(self) -> bool:
        return bool(self.pairs)


def read_filter(given: Mapping[str, str]) -> RecordFilter:
    """From the fields of a form; unknown ones are not looked at, empty ones do not count."""
    typed = {name: given[name].strip() for name in FIELDS if given.get(name, "").strip()}
    related = given.get("related") == "yes"
    pairs = [(name, _write(name, text)) for name, text in typed.items()]
    if related:
        pairs += [(f"related_{noun}", "true") for noun in ("agents", "activities")]
        typed = {**typed, "related": "yes"}
    try:
        query = parse_statement_request(pairs).query
    except InvalidRequest as refused:
        errors = {one.path.partition(".")[0]: one.message for one in refused.problems}
        return RecordFilter(typed, (), StatementQuery(), errors or {"agent": str(refused)})
    return RecordFilter(typed, tuple(pairs), query, {})


def _write(name: str, text: str) -> str:
    if name == "agent":
        return _agent(text)
    if name in ("since", "until"):
        return _instant(text)
    return text


def _agent(text: str) -> str:
    if text.startswith("{"):
        return text
    page, _, name = text.partition(" ")
    if name and "://" in page:
        return json.dumps({"account": {"homePage": page, "name": name.strip()}})
    if re.fullmatch(r"[0-9a-fA-F]{40}", text):
        return json.dumps({"mbox_sha1sum": text})
    if "://" in text:
        return json.dumps({"openid": text})
    return json.dumps({"mbox": f"mailto:{text.removeprefix('mailto:')}"})


def _instant(text: str) -> str:
    """A field of a browser has no zone: UTC, as everything on these pages."""
    if _DAY.fullmatch(text):
        return f"{text}T00:00:00Z"
    if _LOCAL.fullmatch(text):
        return f"{text}Z" if text.count(":") > 1 else f"{text}:00Z"
    return text


def read_agents(text: str) -> tuple[list[dict[str, Any]], str]:
    """The Agents of a text with one identity a line, and what is wrong with it ("" when nothing).

    All of them are one person: a person may be known by an address and by accounts.
    """
    agents: list[dict[str, Any]] = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        chosen = read_filter({"agent": line})
        if chosen.errors:
            return [], f"{number}: {chosen.errors['agent']}"
        agents.append(json.loads(dict(chosen.pairs)["agent"]))
    return agents, ""
