"""SCORM 2004's texts with a grammar: languages, localized strings, identifiers (RTE 4.1.1).

The twin is `static/bridge/texts.js`.
"""

import re

from scorm_runtime.core.cmi.scalars import Verdict, check_text, refuse
from scorm_runtime.core.cmi.table import Table

_LANGUAGE = re.compile(r"([A-Za-z]{2,3}|[ix](?=-)|[IX](?=-))(-[A-Za-z0-9]{1,8})*")
_LOCAL_USE = re.compile(r"q[a-t][a-z]")
_LOCALIZED = re.compile(r"\{lang=([^}]*)\}")
_URI = re.compile(r"[A-Za-z0-9;/?:@&=+$,_.!~*'()%#-]+")
_URN = re.compile(r"[uU][rR][nN]:[A-Za-z0-9][A-Za-z0-9-]{0,31}:[^ \t\r\n]+")
_RESERVED = re.compile(r"[{}\[\]]")
_BLANK = re.compile(r"[ \t\r\n]*")


def is_language(table: Table, value: str) -> bool:
    """A language of ISO 639-1 or 639-2 with subtags, or one of IANA's (i-…, x-…)."""
    if not _LANGUAGE.fullmatch(value):
        return False
    code = value.split("-")[0].lower()
    return code in ("i", "x") or code in table.languages or bool(_LOCAL_USE.fullmatch(code))


def check_language(table: Table, value: str, spm: int) -> Verdict:
    """language_type; empty stands for none."""
    if value and not is_language(table, value):
        return refuse(value, "not a language as in RFC 1766")
    return check_text(value, spm)


def check_localized(table: Table, value: str, spm: int) -> Verdict:
    """localized_string_type: "{lang=…}" may stand first and does not count as length."""
    found = _LOCALIZED.match(value)
    if found is None:
        return check_text(value, spm)
    if not is_language(table, found[1]):
        return refuse(value, f"{found[0]} names no language")
    verdict = check_text(value[found.end() :], spm)
    return Verdict(True, value, verdict.warning)


def check_long_identifier(value: str, spm: int) -> Verdict:
    """long_identifier_type: a URI; a URN must be one, other spellings only leniently."""
    if _BLANK.fullmatch(value):
        return refuse(value, "an identifier cannot be empty")
    if value[:4].lower() == "urn:" and not _URN.fullmatch(value):
        return refuse(value, "not a URN: urn:<namespace>:<name>")
    return _check_characters(value, spm)


def check_short_identifier(value: str) -> Verdict:
    """short_identifier_type: at most 250 characters, without those that delimit."""
    if _BLANK.fullmatch(value) or _RESERVED.search(value):
        return refuse(value, "not a short identifier: empty, or with { } [ ]")
    return _check_characters(value, 250)


def _check_characters(value: str, spm: int) -> Verdict:
    if not _URI.fullmatch(value):
        return Verdict(True, value, "characters that a URI cannot have")
    return check_text(value, spm)
