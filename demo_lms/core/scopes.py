"""The scopes of the services, and which call needs which (AGS 2.0, 3.2-3.5; NRPS 2.0, 2.3)."""

from __future__ import annotations

from collections.abc import Collection

LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
LINE_ITEM_READONLY = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
RESULT_READONLY = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEMBERSHIP = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"

GRADES = (LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE)
SCOPES = (*GRADES, MEMBERSHIP)

READ_LINE_ITEMS = frozenset({LINE_ITEM, LINE_ITEM_READONLY})
WRITE_LINE_ITEMS = frozenset({LINE_ITEM})
READ_RESULTS = frozenset({RESULT_READONLY})
WRITE_SCORES = frozenset({SCORE})
READ_MEMBERSHIPS = frozenset({MEMBERSHIP})


def granted_scopes(asked: str, allowed: Collection[str] = SCOPES) -> list[str]:
    """Those of the asked scopes that the tool may have; unknown ones are dropped (MOODLE 5)."""
    wanted = asked.split()
    return [scope for scope in SCOPES if scope in wanted and scope in allowed]


def allowed_for_grades(grades: str, registered: Collection[str] = SCOPES) -> list[str]:
    """The scopes of the AGS claim: "manage" line items, only "read" them, or "none"."""
    if grades == "none":
        return []
    return [
        scope
        for scope in GRADES
        if scope in registered and (grades == "manage" or scope != LINE_ITEM)
    ]
