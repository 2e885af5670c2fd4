"""The scopes of Assignment and Grade Services (AGS 2.0, 3.2-3.5), and which call needs which."""

from __future__ import annotations

LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
LINE_ITEM_READONLY = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
RESULT_READONLY = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"

SCOPES = (LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE)

READ_LINE_ITEMS = frozenset({LINE_ITEM, LINE_ITEM_READONLY})
WRITE_LINE_ITEMS = frozenset({LINE_ITEM})
READ_RESULTS = frozenset({RESULT_READONLY})
WRITE_SCORES = frozenset({SCORE})


def granted_scopes(asked: str) -> list[str]:
    """Those of the asked scopes that the tool may have; unknown ones are dropped (MOODLE 5)."""
    wanted = asked.split()
    return [scope for scope in SCOPES if scope in wanted]
