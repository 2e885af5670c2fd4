"""POST of a document: what is merged, and what is refused."""

import json

import pytest

from xapi_lrs.core.document_merge import Content, post_document
from xapi_lrs.core.errors import InvalidRequest

JSON = "application/json"


def merge(there: bytes, posted: bytes, there_type=JSON, posted_type=JSON):
    return post_document(Content(posted, posted_type), Content(there, there_type))


def test_top_level_properties_are_set_and_others_stay():
    """1.0.3 Communication 2.2, its own example. XP-23"""
    merged = merge(b'{"x":"foo","y":"bar"}', b'{"x":"bash","z":"faz"}')
    assert json.loads(merged.octets) == {"x": "bash", "y": "bar", "z": "faz"}


def test_only_one_level_is_merged():
    """XP-23"""
    merged = merge(b'{"car":{"make":"Ford","model":"Escape"}}', b'{"car":{"make":"Dodge"}}')
    assert json.loads(merged.octets) == {"car": {"make": "Dodge"}}


def test_long_numbers_and_nulls_survive():
    number = 123456789012345678901234567890
    merged = merge(f'{{"n":{number},"o":null}}'.encode(), b'{"p":1.5}')
    assert json.loads(merged.octets) == {"n": number, "o": None, "p": 1.5}


def test_the_first_post_is_kept_octet_for_octet_whatever_it_is():
    """XP-23"""
    for octets, kind in ((b' { "a" : 1.0 }\n', JSON), (b"\x00\xff", "image/png"), (b"", "x/y")):
        assert post_document(Content(octets, kind), None) == Content(octets, kind)


@pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", "Application/JSON ;x=y"])
def test_parameters_and_case_of_the_content_type_do_not_matter(kind):
    assert json.loads(merge(b'{"a":1}', b'{"b":2}', posted_type=kind).octets) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    "posted", [b"[]", b"1", b'"x"', b"null", b"", b"{", b'{"a":1}{', b'{"a":NaN}', b'{"a":1,"a":2}']
)
def test_json_that_is_no_object_is_refused_on_either_side(posted):
    """XP-20, XP-23"""
    with pytest.raises(InvalidRequest, match="posted document"):
        merge(b"{}", posted)
    with pytest.raises(InvalidRequest, match="stored document"):
        merge(posted, b"{}")
    with pytest.raises(InvalidRequest, match="posted document"):
        post_document(Content(posted, JSON), None)


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "", "not/json"])
def test_another_content_type_is_refused_on_either_side(kind):
    """XP-23"""
    with pytest.raises(InvalidRequest, match="posted document has the content type"):
        merge(b"{}", b"{}", posted_type=kind)
    with pytest.raises(InvalidRequest, match="stored document has the content type"):
        merge(b"{}", b"{}", there_type=kind)
