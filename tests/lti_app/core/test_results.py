"""Results: read with care, and compared with what we sent."""

import pytest

from lti_app.core.results import Result, Standing, compare, read_results


def test_results_are_read_and_odd_ones_left_out():
    """MOODLE-12: without resultScore there is no final grade"""
    body = [
        {"userId": "4", "resultScore": 66, "resultMaximum": 100, "comment": "good"},
        {"userId": 5, "resultMaximum": 100},
        {"userId": None},
        "x",
        {"userId": "6", "resultScore": "12", "resultMaximum": 0},
    ]
    assert read_results(body) == [
        Result("4", 66.0, 100.0, "good"),
        Result("5", None, 100.0),
        Result("6", None, None),
    ]


@pytest.mark.parametrize("body", [None, {}, "x", 3])
def test_what_is_no_list_is_none(body):
    assert read_results(body) is None


@pytest.mark.parametrize(
    ("sent", "score", "maximum", "standing"),
    [
        (0.8, 8.0, 10.0, Standing.SAME),
        (2 / 3, 6.67, 10.0, Standing.SAME),
        (2 / 3, 66.67, 100.0, Standing.SAME),
        (1 / 3, 0.33, 1.0, Standing.SAME),
        (0.8, 9.0, 10.0, Standing.OTHER),
        (0.8, 0.0, 10.0, Standing.OTHER),
        (0.0, 0.0, 10.0, Standing.SAME),
        (0.8, None, 10.0, Standing.MISSING),
        (0.8, 80.0, None, Standing.SAME),
    ],
)
def test_a_grade_that_somebody_changed_is_told_from_rounding(sent, score, maximum, standing):
    """LTI-SP-9"""
    assert compare(sent, Result("4", score, maximum), 100.0) is standing


def test_a_grade_that_is_gone_is_missing():
    assert compare(0.8, None, 10.0) is Standing.MISSING
