"""Which parts of a video somebody has seen, as ranges of seconds."""

from collections.abc import Iterable, Sequence

Range = tuple[float, float]
MAX_RANGES = 200
"""More are joined where the gaps are smallest: only restless skipping makes so many."""
NEAR = 1.0
"""Seconds: players report in steps, so gaps up to this are none."""


def merge_ranges(known: Iterable[Sequence[float]], new: Iterable[Sequence[float]]) -> list[Range]:
    """All ranges, sorted and apart; malformed ones are left out."""
    pairs: list[Range] = []
    for one in (*known, *new):
        start, end = max(0.0, float(one[0])), float(one[1])
        if start < end < 1_000_000:
            pairs.append((start, end))
    merged: list[Range] = []
    for start, end in sorted(pairs):
        if merged and start <= merged[-1][1] + NEAR:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    while len(merged) > MAX_RANGES:
        gaps = [merged[index + 1][0] - merged[index][1] for index in range(len(merged) - 1)]
        at = gaps.index(min(gaps))
        merged[at : at + 2] = [(merged[at][0], merged[at + 1][1])]
    return [(round(start, 1), round(end, 1)) for start, end in merged]


def count_seconds(ranges: Iterable[Sequence[float]]) -> float:
    """Their length altogether; of ranges that lie apart."""
    return sum(end - start for start, end in ranges)


def find_fraction(ranges: Iterable[Sequence[float]], duration: float | None) -> float:
    """0..1 of a video of `duration` seconds; 0 while that is unknown."""
    if not duration or duration <= 0:
        return 0.0
    seen = sum(max(0.0, min(end, duration) - start) for start, end in ranges)
    # Players seldom report the very last moment.
    return 1.0 if seen >= duration - 1.5 else round(min(1.0, seen / duration), 4)
