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


_FILE_STYLE = (
    ".ground{fill:#e3f0f1}.leaf{fill:#fff;stroke:#0b5f6b;stroke-opacity:.35}"
    ".leaf:last-child{fill:#0b5f6b;stroke:none}"
    ".cover-1 .leaf-0,.cover-3 .leaf-1,.cover-2 .ground{fill:#c5dfe1}"
    ".cover-3 .leaf:last-child{fill:#084853}"
)
"""The light theme's colours (theme.css), by value: a file knows no variables of a page."""


def cover_file(key: str) -> str:
    """The drawing of `cover` as an SVG file that brings its own colours: for platforms' pages."""
    drawing = str(cover(key))
    size = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH * 2}" height="{_HEIGHT * 2}" '
    head, tail = drawing.replace("<svg ", size, 1).split(">", 1)
    return f"{head}><style>{_FILE_STYLE}</style>{tail}"
