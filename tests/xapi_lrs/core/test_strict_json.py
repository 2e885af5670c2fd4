"""What counts as JSON, and what becomes of its text."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xapi_lrs.core.errors import MalformedJson
from xapi_lrs.core.strict_json import parse_json, parse_statements

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b'{"a": 1, "a": 1}',
        b'{"x": {"a": 1, "\\u0061": 2}}',
        b'["\\ud800"]',
        b'["\xff"]',
        b'["\x00"]',
        b'\xef\xbb\xbf{"a":1}',
        b"{} {}",
        "{}".encode("utf-16"),
        b"[" * 100_000,
        b"[" * 600 + b"]" * 600,
        b'{"a":' * 300 + b"1" + b"}" * 300,
    ],
)
@pytest.mark.parametrize("parse", [parse_json, parse_statements])
def test_what_is_not_strict_json_is_refused(body, parse):
    """Duplicate keys, NaN, lone surrogates, too deep, cut off. XP-20"""
    with pytest.raises(MalformedJson):
        parse(body)


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_any_json_is_read_as_it_was_meant_however_it_is_written(value, indent, ascii_only):
    body = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert parse_json(body) == value


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 2]), st.booleans())
def test_each_statement_of_a_batch_keeps_its_own_text(values, indent, ascii_only):
    """Byte for byte what was sent, blanks and escapes included. XP-35"""
    body = json.dumps(values, indent=indent, ensure_ascii=ascii_only)
    received, is_batch = parse_statements(f" \n{body}\t".encode())
    assert is_batch
    assert [one.value for one in received] == values
    position = 0
    for one in received:
        position = body.index(one.text, position) + len(one.text)
        assert json.loads(one.text) == one.value


@given(st.lists(VALUES, max_size=3))
def test_compact_json_gives_the_same_statements_as_spacious_json(values):
    compact = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()
    quick, _ = parse_statements(compact)
    slow, _ = parse_statements(json.dumps(values, indent=1).encode())
    assert [one.value for one in quick] == [one.value for one in slow]


def test_long_integers_keep_their_digits():
    """orjson alone would round them. XP-35"""
    body = b'{"n":123456789012345678901234567890}'
    received, _ = parse_statements(body)
    assert received[0].value == {"n": 123456789012345678901234567890}
    assert received[0].text == body.decode()


def test_a_lone_statement_is_no_batch():
    received, is_batch = parse_statements(b' {"a": 1.0}\n')
    assert (received[0].text, is_batch) == ('{"a": 1.0}', False)
    assert orjson.loads(received[0].text) == {"a": 1.0}
