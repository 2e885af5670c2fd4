"""The written forms of values."""

import pytest

from xapi_lrs.core import rx
from xapi_lrs.core.timestamps import canonical_timestamp, is_timestamp

YES, NO = True, False


@pytest.mark.parametrize(
    ("text", "good"),
    [
        *((one, YES) for one in ("P4W", "PT16559.14S", "P3Y1M29DT4H35M59.14S", "PT0S", "P1D")),
        *((one, NO) for one in ("P4W1D", "PA1H0M0S", "P", "PT", "P1DT", "1D", "P0003-06-04T12:30")),
        ("PT1S\n", NO),
    ],
)
def test_durations_are_iso_8601_without_the_alternative_format(text, good):
    """XP-34"""
    assert rx.is_duration(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        *((one, YES) for one in ("en", "sr-Latn-RS", "es-MX", "cmn", "tlh", "x-own", "zh-yue-HK")),
        *((one, YES) for one in ("de-CH-1996", "i-klingon", "en-a-bbb-x-a", "EN-us", "de-419")),
        *((one, NO) for one in ("", "a", "a12345678", "zh-z-aaa-z-bbb-c-ccc", "en US", "en-")),
        *((one, NO) for one in ("de-1996-1996", "en_US", "en\n")),
    ],
)
def test_language_tags_are_well_formed_by_rfc_5646(text, good):
    """XP-36"""
    assert rx.is_language_tag(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        *(
            (one, YES)
            for one in ("https://example.com/é/日本", "urn:x:1", "mailto:a@b", "tag:a,1:b")
        ),
        *((one, NO) for one in ("", "example.com/x", "/path", "http://a b", "http:", "1a:b")),
        *((one, NO) for one in ("http://x\n", "http://x/\x00", "http://<x>")),
    ],
)
def test_iris_have_a_scheme_and_may_have_any_script(text, good):
    """XP-37"""
    assert rx.is_iri(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("0e0a5d0c-5c2a-4b0e-9a6e-11111111111A", YES),
        ("{0e0a5d0c-5c2a-4b0e-9a6e-111111111111}", NO),
        ("urn:uuid:0e0a5d0c-5c2a-4b0e-9a6e-111111111111", NO),
        ("0e0a5d0c5c2a4b0e9a6e111111111111", NO),
        ("0e0a5d0c-5c2a-4b0e-9a6e-11111111111g", NO),
    ],
)
def test_uuids_have_36_characters_and_dashes(text, good):
    """XP-38"""
    assert rx.is_uuid(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        *(
            (f"2008-09-15T15:53:00.601{end}", YES)
            for end in ("Z", "z", "+01:00", "-0530", "+00", "")
        ),
        *((f"2008-09-15T15:53:00.601{end}", NO) for end in ("-00", "-0000", "-00:00", "+1", "Y")),
        *((one, YES) for one in ("2008-09-15 15:53:00Z", "2016-12-31T23:59:60Z")),
        *((one, NO) for one in ("2008-13-15T15:53:00Z", "2008-09-15", "15:53:00Z", "0", "")),
        ("0001-01-01T00:00:00+14:00", NO),
    ],
)
def test_timestamps_are_rfc_3339_and_never_have_a_negative_zero_offset(text, good):
    """XP-11"""
    assert is_timestamp(text) is good


def test_an_instant_has_one_canonical_text():
    """XP-33"""
    same = ("2026-01-01T12:00:00Z", "2026-01-01T13:00:00.000+01:00", "2026-01-01 12:00:00")
    assert len({canonical_timestamp(one) for one in same}) == 1
    nanoseconds = ("2026-01-01T12:00:00.1234567Z", "2026-01-01T12:00:00.1234568Z")
    assert len({canonical_timestamp(one) for one in nanoseconds}) == 2
