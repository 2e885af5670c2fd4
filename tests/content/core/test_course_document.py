"""Documents of courses: what is wrong is named by its place; what is missing is not wrong."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.core.course_check import find_problems
from content.core.course_document import read_course
from content.core.errors import CourseInvalid
from tests.content.courses import document, unit


def test_a_draft_may_be_almost_empty():
    course = read_course({"title": ""})
    assert {one.code for one in find_problems(course)} == {"no_title", "no_modules"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"title": 5}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "nul\x00"}, "title"),
        ({"language": "not a language"}, "language"),
        ({"difficulty": "hard"}, "difficulty"),
        ({"passing_score": 60}, "passing_score"),
        ({"passing_score": True}, "passing_score"),
        ({"modules": {}}, "modules"),
        ({"modules": ["x"]}, "modules.0"),
        ({"modules": [{"title": "without id"}]}, "modules.0.id"),
        ({"picture": "../../etc/passwd"}, "picture"),
        ({"completion": {"rule": "sometimes"}}, "completion.rule"),
    ],
)
def test_what_is_wrong_in_a_course_is_named_by_its_place(change, place):
    with pytest.raises(CourseInvalid) as caught:
        read_course(document(unit()) | change)
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"kind": "game"}, "kind"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"completion": {"rule": "passed"}}, "completion.rule"),
        ({"opens": {"at": "tomorrow"}}, "opens.at"),
        ({"weight": -1}, "weight"),
        ({"video": {"file": "x"}}, "video.file"),
        ({"kind": "assignment", "assignment": {"extensions": ["p/d"]}}, "assignment.extensions"),
    ],
)
def test_what_is_wrong_in_a_unit_is_named_by_its_place(values, place):
    with pytest.raises(CourseInvalid) as caught:
        read_course(document(unit() | values))
    assert caught.value.place == f"modules.0.units.0.{place}"


def test_an_id_is_there_once():
    one = unit()
    with pytest.raises(CourseInvalid, match="twice"):
        read_course(document(one, one))


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (unit("package", package=None), "package_missing"),
        (unit("quiz", quiz=None), "quiz_missing"),
        (unit("link", url=""), "url_missing"),
        (unit(completion={"rule": "watched"}), "video_missing"),
        (unit(completion={"rule": "time"}), "minutes_missing"),
        (unit("quiz", completion={"rule": "score"}), "score_missing"),
    ],
)
def test_an_unfinished_unit_keeps_the_course_from_being_published(made, code):
    assert code in {one.code for one in find_problems(read_course(document(made))) if one.is_error}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["modules", "units", "id", "title", "kind", "video", "file", "opens"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_comes_it_is_read_or_refused_by_name(value):
    """Nothing else is ever raised."""
    with contextlib.suppress(CourseInvalid):
        read_course({"title": "t", "modules": value})
