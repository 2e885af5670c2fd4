"""The PDF: the same bytes for the same certificate, in every script."""

import hashlib
import json
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from content.core.certificate import Sheet, as_json, write_number
from content.services.certificate_pdf import draw

NUMBER = write_number(b"0123456789")
SHEET = Sheet(
    number=NUMBER,
    language="en",
    direction="ltr",
    accent="#0b5f6b",
    ink="#14252b",
    paper="a4",
    frame="line",
    organisation="A school",
    heading="Certificate of completion",
    name="Łucja Müller",
    text="has successfully completed the course “Fire”.",
    score="",
    issued="Issued on 22 November 2026",
    expires="",
    number_label="Certificate number",
    verify_label="Verify at",
    address=f"http://localhost:8000/verify/{NUMBER}",
    signatory_name="Ada",
    signatory_title="Head",
)
ARABIC = as_json(SHEET) | {
    "language": "ar",
    "direction": "rtl",
    "heading": "شهادة إتمام",
    "name": "ليلى Müller",
    "frame": "band",
}
ISSUED = datetime(2026, 11, 22, 9, tzinfo=UTC)
_AGAIN = """
import hashlib, json, sys
from datetime import UTC, datetime
from content.core.certificate import read_sheet
from content.services.certificate_pdf import draw
sheet = read_sheet(json.loads(sys.stdin.read()))
pdf = draw(sheet, issued_at=datetime(2026, 11, 22, 9, tzinfo=UTC))
print(hashlib.sha256(pdf).hexdigest())
"""


@pytest.mark.parametrize("sheet", [SHEET, Sheet(**ARABIC)], ids=["latin", "arabic"])
def test_two_processes_draw_the_same_bytes(sheet):
    """A certificate made again is the one that was handed out."""
    here = hashlib.sha256(draw(sheet, issued_at=ISSUED)).hexdigest()
    time.sleep(1.1)  # dates inside a PDF have seconds
    command = [sys.executable, "-c", _AGAIN]
    given = json.dumps(as_json(sheet))
    there = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


@pytest.mark.parametrize("name", ["A" * 300, "ꙮ 漢字 🙂", "<b>&amp;</b>", "ليلى"])
def test_no_name_breaks_the_drawing(name):
    """Names are what people type. Letters without a glyph are left blank."""
    pdf = draw(Sheet(**as_json(SHEET) | {"name": name}), issued_at=ISSUED)
    assert pdf.startswith(b"%PDF-")
