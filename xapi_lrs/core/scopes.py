"""What a credential may do: two tables (xAPI 1.0.3 Communication 4.2; 2.0 4.1.11).

A request needs an act (NEEDS), a scope gives acts (SCOPES). Whose records an act reaches is said by
the credential's bounds (core/bounds.py).
"""

from collections.abc import Collection, Iterable

READ_OWN = "read own statements"
READ_ALL = "read statements"
WRITE = "write statements"
READ_STATE, WRITE_STATE = "read state", "write state"
READ_PROFILES, WRITE_PROFILES = "read profiles", "write profiles"
READ_ACTIVITIES = "read activities"
READ_PERSONS = "read persons"
DEFINE = "define activities"

_STATE_NEEDS = {"GET": READ_STATE, "PUT": WRITE_STATE, "POST": WRITE_STATE, "DELETE": WRITE_STATE}
_PROFILE_NEEDS = {
    "GET": READ_PROFILES,
    "PUT": WRITE_PROFILES,
    "POST": WRITE_PROFILES,
    "DELETE": WRITE_PROFILES,
}
NEEDS: dict[str, dict[str, str]] = {
    "statements": {"GET": READ_OWN, "PUT": WRITE, "POST": WRITE},
    "activities": {"GET": READ_ACTIVITIES},
    "agents": {"GET": READ_PERSONS},
    "activities/state": _STATE_NEEDS,
    "activities/profile": _PROFILE_NEEDS,
    "agents/profile": _PROFILE_NEEDS,
}
"""Resource and method to the act that the request needs; HEAD is GET. `about` and `oauth/token`
need no credential that came in through this door."""

_READ_SOME = frozenset({READ_OWN, READ_ACTIVITIES})
_READ_ANY = _READ_SOME | {READ_ALL, READ_PERSONS}
_STATE = frozenset({READ_STATE, WRITE_STATE})
_PROFILE = frozenset({READ_PROFILES, WRITE_PROFILES, READ_ACTIVITIES, READ_PERSONS})
_READ_DOCUMENTS = frozenset({READ_STATE, READ_PROFILES})

SCOPES: dict[str, frozenset[str]] = {
    "statements/write": frozenset({WRITE}),
    "statements/read/mine": _READ_SOME,
    "statements/read": _READ_ANY,
    "state": _STATE,
    "profile": _PROFILE,
    "define": frozenset({DEFINE}),
    "all/read": _READ_ANY | _READ_DOCUMENTS,
    "all": _READ_ANY | _STATE | _PROFILE | {WRITE, DEFINE},
}
"""Scope to the acts it gives. Without `define` statements are stored, but what they say of an
activity does not change its definition."""

DEFAULT_SCOPES = ("statements/write", "statements/read/mine")
"""Of a credential that names none (ibid.)."""

LAUNCH_SCOPES = ("statements/write", "statements/read", "state", "profile", "define")
"""Of a launch token that names none; its bounds leave of each what concerns its launch."""


def unknown_scopes(scopes: Collection[str]) -> list[str]:
    return sorted(set(scopes) - SCOPES.keys())


def acts_of(scopes: Iterable[str]) -> frozenset[str]:
    """Everything that any of the scopes gives; a scope that is not known gives nothing."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))


def allows(scopes: Collection[str], act: str) -> bool:
    return any(act in SCOPES.get(scope, ()) for scope in scopes)


def scopes_giving(act: str) -> list[str]:
    """For the refusal: which scopes would do. RFC 6750 3.1"""
    return [scope for scope, acts in SCOPES.items() if act in acts]
