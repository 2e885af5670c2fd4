"""Item analysis: how hard a question was, whether it tells the strong from the weak, and which
wrong answers were believed.

Classical test theory. Difficulty is the mean share of points (0 nobody, 1 everybody).
Discrimination is the corrected item-total correlation: between the points of the item and those of
everything else, so that an item does not agree with itself. The index compares the upper and the
lower 27 % (Kelley 1939). Reliability is Cronbach's alpha.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import fmean, pvariance

FEWEST = 5
"""Attempts below which correlations say nothing."""


@dataclass(frozen=True)
class Taken:
    """One question in one attempt."""

    question: str
    fraction: float
    """0..1 of its points."""
    points: float
    """What it was worth there."""
    choices: tuple[str, ...] = ()
    """What was answered, in words or ids; () for no answer."""


@dataclass(frozen=True)
class ItemFigures:
    """What is known of one question."""

    question: str
    count: int
    unanswered: int
    difficulty: float
    discrimination: float | None
    """-1..1; None where too few answered or nothing varies."""
    index: float | None
    """Upper less lower group, -1..1."""
    choices: tuple[tuple[str, int, float | None], ...]
    """(choice, how often, mean score of the rest for who chose it), most frequent first."""
    findings: tuple[str, ...]
    """too_hard, too_easy, negative, weak: what a teacher should look at."""


def analyse(attempts: Sequence[Sequence[Taken]]) -> list[ItemFigures]:
    """Figures of each question over `attempts`, in the order of first appearance."""
    questions = list(dict.fromkeys(taken.question for attempt in attempts for taken in attempt))
    return [_analyse_one(question, attempts) for question in questions]


def _analyse_one(question: str, attempts: Sequence[Sequence[Taken]]) -> ItemFigures:
    pairs: list[tuple[Taken, float]] = []
    for attempt in attempts:
        item = next((taken for taken in attempt if taken.question == question), None)
        if item is not None:
            pairs.append((item, _share_of_rest(attempt, question)))
    fractions = [taken.fraction for taken, _ in pairs]
    rest = [share for _, share in pairs]
    difficulty = fmean(fractions)
    discrimination = correlate(fractions, rest) if len(pairs) >= FEWEST else None
    return ItemFigures(
        question=question,
        count=len(pairs),
        unanswered=sum(not taken.choices for taken, _ in pairs),
        difficulty=round(difficulty, 4),
        discrimination=discrimination,
        index=_compare_groups(pairs) if len(pairs) >= FEWEST else None,
        choices=_count_choices(pairs),
        findings=_judge(difficulty, discrimination, len(pairs)),
    )


def _share_of_rest(attempt: Sequence[Taken], question: str) -> float:
    others = [taken for taken in attempt if taken.question != question]
    possible = sum(taken.points for taken in others)
    return sum(taken.fraction * taken.points for taken in others) / possible if possible else 0.0


def correlate(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's r; None where one side does not vary."""
    mean_x, mean_y = fmean(xs), fmean(ys)
    across = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    spread = sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    return round(max(-1.0, min(1.0, across / spread)), 4) if spread > 1e-12 else None


def _compare_groups(pairs: Sequence[tuple[Taken, float]]) -> float:
    ordered = sorted(pairs, key=lambda pair: pair[1])
    size = max(1, ceil(len(ordered) * 0.27))
    low = fmean(taken.fraction for taken, _ in ordered[:size])
    high = fmean(taken.fraction for taken, _ in ordered[-size:])
    return round(high - low, 4)


def _count_choices(
    pairs: Sequence[tuple[Taken, float]],
) -> tuple[tuple[str, int, float | None], ...]:
    counted: Counter[str] = Counter()
    shares: dict[str, list[float]] = {}
    for taken, share in pairs:
        for choice in dict.fromkeys(taken.choices):
            counted[choice] += 1
            shares.setdefault(choice, []).append(share)
    return tuple(
        (text, many, round(fmean(shares[text]), 4)) for text, many in counted.most_common()
    )


def _judge(difficulty: float, discrimination: float | None, count: int) -> tuple[str, ...]:
    if count < FEWEST:
        return ()
    found = []
    if difficulty < 0.2:
        found.append("too_hard")
    if difficulty > 0.95:
        found.append("too_easy")
    if discrimination is not None and discrimination < 0:
        found.append("negative")
    elif discrimination is not None and discrimination < 0.15:
        found.append("weak")
    return tuple(found)


def find_reliability(attempts: Sequence[Mapping[str, float]]) -> float | None:
    """Cronbach's alpha of {question: points} over attempts that all had the same questions; None
    where there are fewer than two of either, or nothing varies."""
    if len(attempts) < 2 or len(attempts[0]) < 2:
        return None
    names = attempts[0].keys()
    if any(attempt.keys() != names for attempt in attempts):
        return None
    total = pvariance([sum(attempt.values()) for attempt in attempts])
    if total <= 1e-12:
        return None
    inner = sum(pvariance([attempt[name] for attempt in attempts]) for name in names)
    return round(len(names) / (len(names) - 1) * (1 - inner / total), 4)
