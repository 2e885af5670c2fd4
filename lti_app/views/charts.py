"""Charts as SVG, made here: no script, colours from theme.css, numbers in a table for readers."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_HEIGHT, _LEFT, _TOP, _BOTTOM = 200, 44, 10, 26
_ALL_LABELS, _LETTER, _BETWEEN = 7, 11, 16
"""Up to so many bars all have their label; of more, as many as stay apart in a phone's letters."""


@dataclass(frozen=True)
class Bars:
    """One group of bars: its label below, and a value per series."""

    label: str
    values: tuple[int, ...]


def bar_chart(groups: Sequence[Bars], title: str, *, width: int = 720, top: int = 0) -> Markup:
    """Grouped bars; the classes of the series are bar-a, bar-b, bar-c. `top`: of the scale, where
    it is known."""
    top = top or nice_ceiling(max((max(group.values) for group in groups), default=0))
    high = _HEIGHT - _TOP - _BOTTOM
    step = (width - _LEFT) / max(len(groups), 1)
    every = 1 if len(groups) <= _ALL_LABELS else _every(groups, step)
    parts = [_grid(top, high, width)]
    for number, group in enumerate(groups):
        x = _LEFT + number * step
        bar = step * 0.72 / max(len(group.values), 1)
        for series, value in enumerate(group.values):
            tall = high * value / top
            parts.append(
                f'<rect class="bar-{"abc"[series]}" x="{x + step * 0.14 + series * bar:.1f}" '
                f'y="{_TOP + high - tall:.1f}" width="{max(bar - 1.5, 1):.1f}" '
                f'height="{tall:.1f}" rx="1.5"/>'
            )
        back = len(groups) - 1 - number
        if back % every == 0:
            is_tight = back == 0 and len(group.label) * _LETTER > step
            at = f'x="{x + step:.1f}" text-anchor="end"' if is_tight else _middle(x + step / 2)
            parts.append(f'<text {at} y="{_HEIGHT - 6}">{escape(group.label)}</text>')
    return Markup(  # noqa: S704  numbers and escaped labels
        f'<svg class="chart" viewBox="0 0 {width} {_HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _every(groups: Sequence[Bars], step: float) -> int:
    widest = max(len(group.label) for group in groups) * _LETTER + _BETWEEN
    return -(-widest // max(int(step), 1))


def _middle(x: float) -> str:
    return f'x="{x:.1f}" text-anchor="middle"'


def nice_ceiling(value: int) -> int:
    """The next of 4, 8, 20, 40, 80, 200 … so that the lines of the grid are whole numbers."""
    size = 4
    while size < value:
        size = size * 5 // 2 if str(size)[0] == "8" else size * 2
    return size


def _grid(top: int, high: int, width: int) -> str:
    lines = []
    for quarter in range(0, 5, 2):
        y = _TOP + high - high * quarter / 4
        lines.append(
            f'<path class="grid" d="M{_LEFT} {y:.1f}H{width}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{top * quarter // 4}</text>'
        )
    return "".join(lines)
