"""A small line of the last values, as SVG made here."""

from collections.abc import Sequence

from markupsafe import Markup, escape

_WIDTH, _HEIGHT, _EDGE = 720, 60, 8


def trend_line(values: Sequence[float], title: str) -> Markup:
    """Oldest first, zero as a thin line; nothing for fewer than two values."""
    if len(values) < 2:
        return Markup("")
    low, high = min(*values, 0.0), max(*values, 0.0)
    scale = (_HEIGHT - 2 * _EDGE) / ((high - low) or 1)
    step = _WIDTH / (len(values) - 1)

    def y(value: float) -> float:
        return _HEIGHT - _EDGE - (value - low) * scale

    points = " ".join(f"{at * step:.1f},{y(value):.1f}" for at, value in enumerate(values))
    said = escape(f"{title}: {min(values):.1f} … {max(values):.1f}")
    return Markup(  # noqa: S704  numbers and an escaped title
        f'<svg class="chart trend" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{said}">'
        f'<path class="grid" d="M0 {y(0):.1f}H{_WIDTH}"/>'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
    )
