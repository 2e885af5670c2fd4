"""The sheet of a certificate as PDF: the same sheet gives the same bytes.

Letters are Fira Sans and IBM Plex Sans Arabic (SIL Open Font License), installed as packages; only
what a sheet uses is embedded. Arabic is shaped by HarfBuzz. The QR code is drawn as rectangles.
"""

import io
from datetime import datetime
from functools import lru_cache
from importlib.resources import as_file, files

import segno
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from content.core.certificate import Sheet

_PAPERS = {"a4": (297.0, 210.0), "letter": (279.4, 215.9)}
"""Millimetres, across."""
_FONTS = (
    ("sans", "", "fontpkg_fira_sans", "FiraSans-Regular.ttf"),
    ("sans", "B", "fontpkg_fira_sans", "FiraSans-SemiBold.ttf"),
    ("arabic", "", "fontpkg_ibm_plex_sans_arabic", "IBMPlexSansArabic-Regular.ttf"),
    ("arabic", "B", "fontpkg_ibm_plex_sans_arabic", "IBMPlexSansArabic-SemiBold.ttf"),
)
_MARGIN = 24.0
_QUIET = (90, 104, 110)


def draw(sheet: Sheet, *, logo: bytes = b"", issued_at: datetime) -> bytes:
    """One page across; `issued_at` is the date inside the file."""
    page = _Page(sheet, issued_at)
    page.frame()
    page.head(logo)
    page.middle()
    page.foot()
    return bytes(page.pdf.output())


@lru_cache(maxsize=4)
def _font(package: str, name: str) -> str:
    """Path of a file of a font package."""
    with as_file(files(package) / "files" / name) as path:
        return str(path)


class _Page:
    """Draws from the top down; "start" is the left, or the right in Arabic."""

    def __init__(self, sheet: Sheet, issued_at: datetime) -> None:
        self.sheet = sheet
        self.width, self.height = _PAPERS[sheet.paper]
        self.is_rtl = sheet.direction == "rtl"
        self.accent, self.ink = _rgb(sheet.accent), _rgb(sheet.ink)
        self.pdf = pdf = FPDF(orientation="L", unit="mm", format=(self.height, self.width))
        pdf.set_creation_date(issued_at)
        pdf.set_title(f"{sheet.heading}: {sheet.text}"[:200])
        pdf.set_author(sheet.organisation)
        pdf.set_subject(sheet.number)
        pdf.set_lang(sheet.language)
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        for family, style, package, name in _FONTS:
            pdf.add_font(family, style, _font(package, name))
        pdf.set_fallback_fonts(["arabic", "sans"], exact_match=False)
        pdf.set_text_shaping(True, direction=sheet.direction)
        pdf.add_page()

    def frame(self) -> None:
        pdf = self.pdf
        pdf.set_draw_color(*self.accent)
        pdf.set_fill_color(*self.accent)
        if self.sheet.frame == "line":
            pdf.set_line_width(1.1)
            pdf.rect(9, 9, self.width - 18, self.height - 18)
            pdf.set_line_width(0.25)
            pdf.rect(11.4, 11.4, self.width - 22.8, self.height - 22.8)
        elif self.sheet.frame == "band":
            x = self.width - 8 if self.is_rtl else 0
            pdf.rect(x, 0, 8, self.height, style="F")

    def head(self, logo: bytes) -> None:
        if logo:
            self.pdf.image(io.BytesIO(logo), x=Align.C, y=20, w=70, h=20, keep_aspect_ratio=True)
        else:
            self._centred(27, self.sheet.organisation, 15, self.accent, bold=True)

    def middle(self) -> None:
        sheet, pdf = self.sheet, self.pdf
        self._centred(51, sheet.heading, 25, self.accent, bold=True)
        self._centred(78, sheet.name, 36, self.ink, bold=True)
        half = self.width / 2
        pdf.set_draw_color(*self.accent)
        pdf.set_line_width(0.6)
        pdf.line(half - 22, 97, half + 22, 97)
        self._type(14, self.ink)
        pdf.set_xy(_MARGIN + 22, 103)
        pdf.multi_cell(self.width - 2 * (_MARGIN + 22), 7.6, sheet.text, align="C")
        if sheet.score:
            self._centred(min(pdf.get_y() + 9, 143), sheet.score, 13, self.accent, bold=True)

    def foot(self) -> None:
        sheet, base = self.sheet, self.height - 26
        middle = self.width / 2
        self._signature(base)
        self._type(10.5, self.ink)
        self._line(middle - 42, base - 8, 84, sheet.issued, "C")
        if sheet.expires:
            self._line(middle - 42, base - 2.5, 84, sheet.expires, "C")
        self._verification(base)

    def _signature(self, base: float) -> None:
        sheet, wide = self.sheet, 62.0
        if not sheet.signatory_name:
            return
        x = self.width - _MARGIN - wide if self.is_rtl else _MARGIN
        align = "R" if self.is_rtl else "L"
        self.pdf.set_draw_color(*_QUIET)
        self.pdf.set_line_width(0.25)
        self.pdf.line(x, base - 10, x + wide, base - 10)
        self._type(11, self.ink, bold=True)
        self._line(x, base - 8, wide, sheet.signatory_name, align)
        self._type(9.5, _QUIET)
        self._line(x, base - 2.5, wide, sheet.signatory_title, align)

    def _verification(self, base: float) -> None:
        """The code in the corner, the number and the address beside it."""
        sheet, size, wide = self.sheet, 25.0, 38.0
        x = _MARGIN if self.is_rtl else self.width - _MARGIN - size
        self._code(x, base - size + 3, size)
        text_x = x + size + 3 if self.is_rtl else x - wide - 3
        align = "L" if self.is_rtl else "R"
        self._type(8, _QUIET)
        self._line(text_x, base - 14, wide, sheet.verify_label, align)
        self._line(text_x, base - 6.5, wide, sheet.number_label, align)
        self._type(9, self.ink, bold=True)
        self._line(text_x, base - 2.5, wide, sheet.number, align)
        self._type(7, _QUIET)
        self._line(
            text_x, base - 10.5, wide, sheet.address.partition("://")[2].rpartition("/")[0], align
        )
        self.pdf.link(x, base - size + 3, size, size, sheet.address)

    def _code(self, x: float, y: float, size: float) -> None:
        rows = [bytes(row) for row in segno.make(self.sheet.address, error="m", micro=False).matrix]
        step = size / len(rows)
        self.pdf.set_fill_color(*self.ink)
        for number, row in enumerate(rows):
            column = 0
            while column < len(row):
                run = 0
                while column + run < len(row) and row[column + run]:
                    run += 1
                if run:
                    self.pdf.rect(
                        x + column * step, y + number * step, run * step, step + 0.02, style="F"
                    )
                column += max(run, 1)

    def _centred(
        self, y: float, text: str, size: float, colour: tuple[int, int, int], *, bold: bool = False
    ) -> None:
        self._type(size, colour, bold=bold)
        room = self.width - 2 * _MARGIN
        while size > 9 and self.pdf.get_string_width(text) > room:
            size -= 1
            self._type(size, colour, bold=bold)
        self._line(0, y, self.width, text, "C", size * 0.5)

    def _line(
        self, x: float, y: float, wide: float, text: str, align: str, high: float = 5.0
    ) -> None:
        pdf = self.pdf
        size = pdf.font_size_pt
        while pdf.font_size_pt > 5 and pdf.get_string_width(text) > wide:
            pdf.set_font_size(pdf.font_size_pt - 0.5)
        pdf.set_xy(x, y)
        pdf.cell(wide, high, text, align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)
        pdf.set_font_size(size)

    def _type(self, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        family = "arabic" if self.is_rtl else "sans"
        self.pdf.set_font(family, "B" if bold else "", size)
        self.pdf.set_text_color(*colour)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
