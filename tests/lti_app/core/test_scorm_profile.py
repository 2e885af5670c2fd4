"""What a SCORM outcome says in xAPI."""

from uuid import UUID

import pytest

from lti_app.core.scorm_profile import read_score, statement_id, write_response

REGISTRATION = UUID("01a2006e-f270-776d-94a0-2cc9244b77aa")


@pytest.mark.parametrize(
    ("kind", "response", "written"),
    [
        ("choice", "a,b", "a[,]b"),
        ("choice", "{a,b}", "a[,]b"),
        ("choice", "a", "a"),
        ("choice", "a[,]b", "a[,]b"),
        ("sequencing", "c,a,b", "c[,]a[,]b"),
        ("matching", "1.a,2.b", "1[.]a[,]2[.]b"),
        ("matching", "{1.a,2.b}", "1[.]a[,]2[.]b"),
        ("true-false", "t", "true"),
        ("true-false", "0", "false"),
        ("true-false", "maybe", "maybe"),
        ("fill-in", "one, two", "one, two"),
        ("numeric", "4.5", "4.5"),
        ("other", "", ""),
    ],
)
def test_responses_are_written_as_xapi_wants_them(kind, response, written):
    """xAPI 1.0.3 Data, appendix C"""
    assert write_response(kind, response) == written


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ((0.8, 8, 0, 10), {"scaled": 0.8, "raw": 8, "min": 0, "max": 10}),
        ((None, 8, None, None), {"raw": 8}),
        ((1.2, 12, 0, 10), {"scaled": 1.0}),
        ((None, 5, 5, 5), {"raw": 5}),
        ((None, None, None, None), {}),
    ],
)
def test_a_score_says_only_what_the_store_takes(given, score):
    assert read_score(*given) == score


def test_a_statement_id_names_its_commit():
    """A repeat is a no-op, another commit another statement."""
    ids = [statement_id(REGISTRATION, w, n, e) for w in (1, 2) for n in (1, 2) for e in "ab"]
    assert len(set(ids)) == 8
    assert statement_id(REGISTRATION, 1, 1, "a") == ids[0]
