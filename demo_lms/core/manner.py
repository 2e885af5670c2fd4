"""How the platform behaves at present: a personality and what an administrator has switched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from demo_lms.core.errors import Refused
from demo_lms.core.personalities import DEFAULT, PERSONALITIES
from demo_lms.core.personality import Personality

PRIVACY = ("public", "name_only", "email_only", "anonymous")
GRADES = ("manage", "read", "none")
"""May a tool make line items of its own, only use those it finds, or see none at all?"""
AUDIENCES = ("text", "array", "several")
MOST_MEMBERS = 5000
LONGEST_SKEW = 600


class MannerInvalid(Refused):
    """A switch that cannot be set; the message names it."""


@dataclass(frozen=True)
class Manner:
    """The switches; `name` is a personality's key."""

    name: str = DEFAULT
    privacy: str = "public"
    grades: str = "manage"
    audience: str = "text"  # the form of `aud`; "several" names a stranger too, and azp
    context: bool = True  # False: no context, no AGS, no NRPS. D2L-4, LTI-G09
    clock_skew: int = 0  # seconds that the platform's clock is ahead. PAIN-14
    members: int = 0  # people invented beside those who can sign in

    @property
    def personality(self) -> Personality:
        return PERSONALITIES[self.name]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def parse_manner(body: object) -> Manner:
    """{name, and any of the switches}; what is left out is as on the first day."""
    if not isinstance(body, Mapping):
        raise MannerInvalid("Send a JSON object with a name.")
    return Manner(
        name=_one_of(body, "name", tuple(PERSONALITIES), DEFAULT),
        privacy=_one_of(body, "privacy", PRIVACY, PRIVACY[0]),
        grades=_one_of(body, "grades", GRADES, GRADES[0]),
        audience=_one_of(body, "audience", AUDIENCES, AUDIENCES[0]),
        context=str(body.get("context", True)).lower() not in ("false", "0", "off"),
        clock_skew=_whole(body, "clock_skew", -LONGEST_SKEW, LONGEST_SKEW),
        members=_whole(body, "members", 0, MOST_MEMBERS),
    )


def _one_of(body: Mapping[str, Any], field: str, known: tuple[str, ...], default: str) -> str:
    found = body.get(field) or default
    if found not in known:
        raise MannerInvalid(f"{field} must be one of {', '.join(known)}.")
    return str(found)


def _whole(body: Mapping[str, Any], field: str, least: int, most: int) -> int:
    try:
        found = int(body.get(field) or 0)
    except (TypeError, ValueError) as error:
        raise MannerInvalid(f"{field} must be a whole number.") from error
    if not least <= found <= most:
        raise MannerInvalid(f"{field} must lie between {least} and {most}.")
    return found
