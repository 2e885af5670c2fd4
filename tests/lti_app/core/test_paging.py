"""Pages: the Link header as platforms write it, and addresses that keep their query."""

import pytest

from lti_app.core.ags import results_url, scores_url
from lti_app.core.paging import add_query, find_link, stays


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://a.test/m?limit=1&from=1>; rel="next"', "https://a.test/m?limit=1&from=1"),
        ("<https://a.test/n>;rel=next", "https://a.test/n"),
        ('<https://a.test/p>; rel="prev", <https://a.test/N?q=A>; rel="next"',
         "https://a.test/N?q=A"),
        ('<https://a.test/x>; title="a, b"; REL="Next last"', "https://a.test/x"),
        ('<https://a.test/x&amp;b>; rel=“next”', None),
        ('<https://a.test/p>; rel="prev"', None),
        ("", None),
        ("rubbish <", None),
        ('<>; rel="next"', None),
    ],
)  # fmt: skip
def test_the_next_page_is_found_in_the_link_header_and_its_case_is_kept(header, found):
    """LTI-NRPS-5; moodle.md 6: curly quotes are no quotes"""
    assert find_link(header, "next") == found


def test_differences_are_found_beside_next():
    """LTI-NRPS-6"""
    header = '<https://a.test/n>; rel="next", <https://a.test/d?since=1>; rel="differences"'
    assert find_link(header, "differences") == "https://a.test/d?since=1"


def test_a_next_page_elsewhere_is_not_followed():
    assert stays("https://a.test/m?x=1", "https://A.test/m?x=2")
    assert not stays("https://a.test/m", "https://b.test/m")
    assert not stays("https://a.test/m", "http://a.test/m")


def test_existing_parameters_are_kept():
    """LTI-NRPS-4, MOODLE-3"""
    url = "https://a.test/m?type_id=1&empty="
    assert add_query(url, limit=50, role=None) == "https://a.test/m?type_id=1&empty=&limit=50"
    assert add_query(url, rlid="a b") == "https://a.test/m?type_id=1&empty=&rlid=a+b"


def test_scores_and_results_go_into_the_path():
    """LTI-AGS-6, LTI-AGS-7"""
    assert scores_url("https://a.test/l/7/?t=1?u=2") == "https://a.test/l/7/scores?t=1?u=2"
    assert results_url("https://a.test/l/7?t=1") == "https://a.test/l/7/results?t=1"
