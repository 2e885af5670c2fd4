"""Cells of a table for spreadsheets."""

from datetime import datetime

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> object:
    """Numbers stay numbers; a text that a spreadsheet would take for a formula begins with an
    apostrophe, whoever wrote it (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
