"""Whatever is valid comes back meaning the same; whatever is damaged is refused for that.

Failures that were found are kept as `@example`s or as cases of their own.
"""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.xapi_lrs.generated import statements
from xapi_lrs.core.comparison import same_statement
from xapi_lrs.core.errors import LrsError
from xapi_lrs.core.formats import FORMATS, StoredStatement
from xapi_lrs.core.statement import validate_statement
from xapi_lrs.core.strict_json import parse_statements

QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
AUTHORITY = {"account": {"homePage": "https://lectern.example", "name": "key"}}

Place = tuple[Any, Any, str]
"""A container, the key in it, and the path of what is there."""


def stored(text: str, statement: dict[str, Any]) -> StoredStatement:
    statement_id = UUID(statement["id"])
    return StoredStatement(statement_id, 1, NOW, "1.0.3", text, json.dumps(AUTHORITY))


def places(value: Any, path: str = "") -> Iterator[Place]:
    """Every property of a statement, but none inside extensions and language maps."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            yield value, key, here
            if key not in ("extensions", "display", "description") and here[-4:] != "name":
                yield from places(inner, here)
            elif here.endswith("account.name"):
                continue
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, f"{path}[{index}]")


@QUICK
@given(statements)
def test_a_valid_statement_is_taken_and_comes_back_meaning_the_same(statement):
    """XP-21, XP-33, XP-42"""
    for text in (orjson.dumps(statement), json.dumps(statement, indent=1).encode()):
        (received,), _ = parse_statements(text)
        assert list(validate_statement(received.value)) == []
        assert received.value == statement
        got = json.loads(FORMATS["exact"](stored(received.text, statement)))
        assert same_statement(statement, got)
        assert got["authority"] == AUTHORITY
        assert {key for key in statement if key not in got} == set()
        assert got.get("result") == statement.get("result")


@QUICK
@given(statements, st.data())
def test_null_is_refused_where_it_stands(statement, data):
    """XP-21"""
    damaged = copy.deepcopy(statement)
    owner, key, path = data.draw(st.sampled_from(list(places(damaged))))
    owner[key] = None
    found = [(one.path, one.requirement) for one in validate_statement(damaged)]
    assert any(where.startswith(path) for where, _ in found), found


@QUICK
@given(statements, st.data())
def test_an_unknown_property_is_refused_where_it_stands(statement, data):
    """Also when only its case is wrong. XP-21"""
    damaged = copy.deepcopy(statement)
    owner, key, path = data.draw(st.sampled_from(list(places(damaged))))
    changed = key.swapcase()
    owner[changed] = owner.pop(key)
    if "contextActivities" in path or "extensions" in owner or changed == key:
        wanted = ""
    else:
        wanted = path.rpartition(".")[0]
    found = [one.path for one in validate_statement(damaged)]
    assert any(where.startswith(wanted) and where.endswith(changed) for where in found), found


@QUICK
@given(statements, st.data())
def test_a_value_of_another_type_is_refused_where_it_stands(statement, data):
    """XP-20"""
    damaged = copy.deepcopy(statement)
    owner, key, path = data.draw(st.sampled_from(list(places(damaged))))
    owner[key] = 7 if isinstance(owner[key], (str, dict, list, bool)) else "7"
    found = [one.path for one in validate_statement(damaged)]
    assert any(where.startswith(path) for where in found), found


@QUICK
@given(st.binary(max_size=60) | statements.map(orjson.dumps), st.data())
def test_octets_of_any_kind_are_read_or_refused(body, data):
    """Cut, doubled and turned: never anything but a refusal of ours. XP-20"""
    place = data.draw(st.integers(0, len(body)))
    turned = bytes([data.draw(st.integers(0, 255))])
    for damaged in (body[:place], body[:place] + turned + body[place + 1 :], body + body[place:]):
        try:
            received, _ = parse_statements(damaged)
        except LrsError:
            continue
        for one in received:
            assert json.loads(one.text) == one.value
            validate_statement(one.value)


@QUICK
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["actor", "verb", "object", "id", "objectType", "context", "result"]
                )
                | st.sampled_from(["member", "account", "definition", "extensions", "attachments"])
                | st.text(max_size=3),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
def test_json_of_any_shape_is_judged_without_an_accident(value):
    """XP-21"""
    for version in ("1.0.3", "2.0.0"):
        assert validate_statement(value, version=version)
