"""Which parts of a video were seen."""

import pytest

from content.core.watching import MAX_RANGES, count_seconds, find_fraction, merge_ranges


@pytest.mark.parametrize(
    ("known", "new", "merged"),
    [
        ([], [[0, 10]], [(0, 10)]),
        ([[0, 10]], [[5, 20]], [(0, 20)]),
        ([[0, 10]], [[10.8, 20]], [(0, 20)]),
        ([[0, 10]], [[30, 40]], [(0, 10), (30, 40)]),
        ([[0, 10], [30, 40]], [[5, 35]], [(0, 40)]),
        ([], [[10, 5], [-3, 2]], [(0, 2)]),
    ],
)
def test_ranges_are_put_together(known, new, merged):
    assert merge_ranges(known, new) == merged


def test_what_is_seen_twice_counts_once():
    assert count_seconds(merge_ranges([[0, 60]], [[0, 60], [30, 90]])) == 90


def test_restless_skipping_does_not_grow_the_row_without_end():
    many = [[n * 5, n * 5 + 1] for n in range(1000)]
    assert len(merge_ranges([], many)) == MAX_RANGES


@pytest.mark.parametrize(
    ("ranges", "duration", "fraction"),
    [([[0, 50]], 100, 0.5), ([[0, 99]], 100, 1.0), ([[0, 50]], None, 0.0), ([[90, 200]], 100, 0.1)],
)
def test_a_fraction_of_the_video(ranges, duration, fraction):
    assert find_fraction(ranges, duration) == fraction
