"""Course copies: by which parameters a link tells what it was copied from (PAIN-07).

A platform that copies a course makes new links with new ids. What is in `custom` is copied with
them, so `sc_item` finds the content; the old ids come by variables that we ask for, as a list,
the newest first, each URL-encoded. Brightspace and Blackboard also have names of their own
(D2L-9, BB-13). A platform that does not know a variable sends it as it was written, which counts
as nothing (MOODLE-15). Source: LTI Core 1.3, appendix B (substitution variables).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lti_app.core.lti import claims as c

HISTORY_VARIABLES = {
    "sc_link_history": "$ResourceLink.id.history",
    "sc_context_history": "$Context.id.history",
}
"""Custom parameters of every link of ours."""

CANVAS_VARIABLES = {  # CANVAS-8, CANVAS-14
    "canvas_user_id": "$Canvas.user.id",
    "canvas_course_id": "$Canvas.course.id",
    "canvas_assignment_id": "$Canvas.assignment.id",
    "canvas_api_domain": "$Canvas.api.domain",
    "canvas_user_sis_id": "$Canvas.user.sisSourceId",
    "canvas_allowed_attempts": "$Canvas.assignment.allowedAttempts",
    "canvas_message_token": "$com.instructure.PostMessageToken",
}

VARIABLES_BY_FAMILY: Mapping[str, Mapping[str, str]] = {"canvas": CANVAS_VARIABLES}
"""Family code to what its links carry besides; others would show them as literal text."""

_LINK_HISTORY = (
    "sc_link_history",
    "resource_link_id_history",
    "ext_d2l_resource_link_id_history",
    "resourcelink_id_history",
)
_CONTEXT_HISTORY = ("sc_context_history", "context_id_history", "ext_d2l_context_id_history")
MOST = 50
"""Ids read of one list: copies of copies of copies."""
LONGEST_ID = 255


@dataclass(frozen=True)
class History:
    """Ids of before, newest first."""

    links: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()


def read_history(claims: Mapping[str, Any]) -> History:
    """What a launch says about where its link and course were copied from; usually nothing."""
    given: dict[str, str] = {}
    for part in (c.part(claims, c.EXT), c.part(claims, c.CUSTOM)):
        given |= {str(name).lower(): c.text(value, 20_000) for name, value in part.items()}
    return History(_first(given, _LINK_HISTORY), _first(given, _CONTEXT_HISTORY))


def _first(given: Mapping[str, str], names: Iterable[str]) -> tuple[str, ...]:
    return next((ids for name in names if (ids := _ids(given.get(name, "")))), ())


def _ids(text: str) -> tuple[str, ...]:
    if text.startswith("$"):
        return ()
    ids = (c.clean(unquote(one.strip())) for one in text.split(",")[:MOST])
    return tuple(dict.fromkeys(one for one in ids if one and len(one) <= LONGEST_ID))
