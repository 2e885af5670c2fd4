"""multipart/mixed is read as RFC 2046 has it, in any blocks. XP-31"""

import random

import pytest

from tests.xapi_lrs.parcels import BOUNDARY, head, join
from xapi_lrs.core.errors import MalformedMultipart
from xapi_lrs.core.multipart import check_boundary, read_parts

NASTY = b"\r\n--here-it-end\r\n--here\r\r\n\n--" + bytes(range(256))


def read(body: bytes, size: int = 10_000) -> list[tuple[dict[str, str], bytes]]:
    blocks = (body[start : start + size] for start in range(0, len(body), size))
    return [(part.headers, b"".join(part.pieces)) for part in read_parts(blocks, BOUNDARY.encode())]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 19, 64, 10_000])
def test_parts_come_out_octet_for_octet_in_blocks_of_any_size(size):
    """XP-31"""
    body = join(head("Content-Type: application/json") + b"{}", head() + NASTY, head("A: b"))
    assert read(body, size) == [
        ({"content-type": "application/json"}, b"{}"),
        ({}, NASTY),
        ({"a": "b"}, b""),
    ]


def test_a_preamble_an_epilogue_and_blanks_behind_a_boundary_are_allowed():
    """The suite itself begins its bodies with an empty line. XP-31"""
    part = b"\r\n--here-it-ends \t\r\nContent-Type:application/json\r\n\r\n{}"
    assert read(b"hello" + part + b"\r\n--here-it-ends--\r\nbye") == [
        ({"content-type": "application/json"}, b"{}")
    ]


def test_what_is_not_asked_for_is_passed_over():
    body = join(head("N: 1") + NASTY * 100, head("N: 2") + b"x")
    parts = [part.headers["n"] for part in read_parts([body], BOUNDARY.encode())]
    assert parts == ["1", "2"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no line with the boundary"),
        (b"{}", "no line with the boundary"),
        (join(), "no part"),
        (join(head("A: b") + b"x", end=b""), "cut off"),
        (join(head("A: b") + b"x", end=b"-"), "cut off"),
        (join(head("A: b") + b"x")[:-12], "ends inside part 1"),
        (b"--here-it-ends\r\nA: b", "no empty line behind the headers of part 1"),
        (b"--here-it-ends\nA: b\n\nx\n--here-it-ends--" + b" " * 9000, "lines end in CR LF"),
        (b"--here-it-ends and more\r\n\r\nx", "behind the boundary"),
        (join(head("no header") + b"x"), "a header that is none"),
        (join(head("A: b", "a: c") + b"x"), "twice"),
        (join(head("A: " + "b" * 9000) + b"x"), "do not end within"),
    ],
)
def test_what_is_no_multipart_is_refused_by_its_fault(body, why):
    """XP-31"""
    with pytest.raises(MalformedMultipart) as refused:
        read(body)
    assert why in refused.value.message


@pytest.mark.parametrize("boundary", [None, "", "ends in a blank ", "x" * 71, "ümlaut", "a\nb"])
def test_a_boundary_is_1_to_70_characters(boundary):
    """RFC 2046 5.1.1. XP-31"""
    with pytest.raises(MalformedMultipart):
        check_boundary(boundary)
    assert check_boundary("-------314159") == b"-------314159"


def test_a_body_cut_anywhere_is_refused():
    """Truncated: never half of a request. XP-31"""
    body = join(head("A: b") + NASTY, head("A: b") + b"x", end=b"--")
    dice = random.Random(3)
    for end in {*dice.sample(range(len(body)), 60), len(body) - 1}:
        with pytest.raises(MalformedMultipart):
            read(body[:end])
