"""A certificate as SVG for pages: the sheet as the PDF has it, in small."""

import textwrap

import segno
from markupsafe import Markup, escape

from content.core.certificate import Sheet

_WIDTH, _HEIGHT = 594, 420
_WIDE = 62
"""Characters of a line of the text."""


def certificate_picture(sheet: Sheet, logo: str = "") -> Markup:
    """`<svg>`; words are text, so that they can be read out. `logo` is a data: address."""
    rtl = sheet.direction == "rtl"
    parts = [f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>', _frame(sheet, rtl=rtl)]
    if logo:
        parts.append(f'<image href="{escape(logo)}" x="227" y="38" width="140" height="40"/>')
    else:
        parts.append(_middle(66, sheet.organisation, 15, sheet.accent, bold=True))
    parts.append(_middle(122, sheet.heading, 26, sheet.accent, bold=True))
    parts.append(_middle(178, sheet.name, 36, sheet.ink, bold=True))
    parts.append(f'<path d="M253 195h88" stroke="{sheet.accent}" stroke-width="1.5"/>')
    lines = textwrap.wrap(sheet.text, _WIDE)[:5]
    parts += [_middle(224 + 19 * n, line, 14.5, sheet.ink) for n, line in enumerate(lines)]
    if sheet.score:
        parts.append(_middle(236 + 19 * len(lines), sheet.score, 13, sheet.accent, bold=True))
    parts.append(_middle(362, sheet.issued, 11, sheet.ink))
    parts.append(_middle(376, sheet.expires, 11, sheet.ink))
    parts += [_signature(sheet, rtl=rtl), _code(sheet, rtl=rtl)]
    return Markup(  # noqa: S704  numbers, checked colours and escaped words
        f'<svg class="certificate-picture" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'direction="{sheet.direction}" aria-label="{escape(sheet.heading)}: {escape(sheet.name)}">'
        f"{''.join(parts)}</svg>"
    )


def bake(picture: str, token: str) -> str:
    """The picture as an SVG file that carries the badge (Open Badges 3.0, 5.3.2.1); `token` is a
    compact JWS, which needs no escaping."""
    opening, rest = str(picture).split(">", 1)
    head = opening.replace(
        "<svg ",
        '<svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" ',
        1,
    )
    carried = f'<openbadges:credential verify="{token}"></openbadges:credential>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}>{carried}{rest}'


def _frame(sheet: Sheet, *, rtl: bool) -> str:
    if sheet.frame == "line":
        return (
            f'<rect x="18" y="18" width="558" height="384" fill="none" stroke="{sheet.accent}" '
            f'stroke-width="2.5"/><rect x="23" y="23" width="548" height="374" fill="none" '
            f'stroke="{sheet.accent}" stroke-width=".6"/>'
        )
    if sheet.frame == "band":
        x = _WIDTH - 16 if rtl else 0
        return f'<rect x="{x}" width="16" height="{_HEIGHT}" fill="{sheet.accent}"/>'
    return ""


def _signature(sheet: Sheet, *, rtl: bool) -> str:
    if not sheet.signatory_name:
        return ""
    x, left = (546, 422) if rtl else (48, 48)
    # "start" is the right end where the sheet is written from the right.
    return (
        f'<path d="M{left} 348h124" stroke="#8b989c" stroke-width=".6"/>'
        f'<text x="{x}" y="362" font-size="11" font-weight="600" fill="{sheet.ink}">'
        f"{escape(sheet.signatory_name)}</text>"
        f'<text x="{x}" y="375" font-size="9" fill="#5a686e">{escape(sheet.signatory_title)}</text>'
    )


def _code(sheet: Sheet, *, rtl: bool) -> str:
    size = 50.0
    x = 48.0 if rtl else _WIDTH - 48 - size
    rows = [bytes(row) for row in segno.make(sheet.address, error="m", micro=False).matrix]
    step = size / len(rows)
    dots = "".join(
        f"M{x + column * step:.2f} {324 + number * step:.2f}h{step:.2f}v{step:.2f}h-{step:.2f}z"
        for number, row in enumerate(rows)
        for column, on in enumerate(row)
        if on
    )
    text_x = x + size + 6 if rtl else x - 6
    return (
        f'<path d="{dots}" fill="{sheet.ink}"/><text x="{text_x}" y="371" font-size="8.5" '
        f'font-weight="600" text-anchor="end" fill="{sheet.ink}">{escape(sheet.number)}</text>'
    )


def _middle(y: float, text: str, size: float, colour: str, *, bold: bool = False) -> str:
    room = 500 / max(len(text) * 0.55, 1)
    weight = ' font-weight="650"' if bold else ""
    return (
        f'<text x="{_WIDTH / 2}" y="{y}" text-anchor="middle" font-size="{min(size, room):.1f}"'
        f'{weight} fill="{colour}">{escape(text)}</text>'
    )
