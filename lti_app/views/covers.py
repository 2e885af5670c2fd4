"""Covers of packages: a calm drawing made from the package's key, the same every time.

Colours are classes of theme.css, so that covers follow light and dark.
"""

from hashlib import sha256

from markupsafe import Markup

_WIDTH, _HEIGHT = 320, 120


def cover(key: str) -> Markup:
    """Decorative `<svg>`: leaves of paper, fanned out; spread, angle and tint come from `key`."""
    digest = sha256(key.encode()).digest()
    tint = digest[0] % 4
    pivot = 90 + digest[1] % 130
    step = 7 + digest[2] % 9
    leaves = 3 + digest[3] % 3
    start = -step * (leaves - 1) / 2 + digest[4] % 14 - 7
    shapes = "".join(
        f'<rect class="leaf leaf-{leaf}" x="{pivot - 46}" y="22" width="92" height="150" rx="4"'
        f' transform="rotate({start + leaf * step:.1f} {pivot} 190)"/>'
        for leaf in range(leaves)
    )
    return Markup(  # noqa: S704  numbers only
        f'<svg class="cover cover-{tint}" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true" '
        f'focusable="false" preserveAspectRatio="xMidYMid slice">'
        f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>{shapes}</svg>'
    )
