"""What a credential may do (xAPI 1.0.3 Communication 4.2). One table."""

from collections.abc import Collection

SCOPES = {
    "statements/write": frozenset({"write statements"}),
    "statements/read/mine": frozenset({"read own statements"}),
    "statements/read": frozenset({"read own statements", "read statements"}),
    "state": frozenset({"read state", "write state"}),
    "profile": frozenset({"read profiles", "write profiles"}),
    "define": frozenset({"define activities"}),
    "all/read": frozenset(
        {"read own statements", "read statements", "read state", "read profiles"}
    ),
    "all": frozenset(
        {"write statements", "read own statements", "read statements", "read state"}
        | {"write state", "read profiles", "write profiles", "define activities"}
    ),
}
"""Scope to the acts it allows."""

DEFAULT_SCOPES = ("statements/write", "statements/read/mine")
"""Of a credential that names none (ibid.)."""


def unknown_scopes(scopes: Collection[str]) -> list[str]:
    return sorted(set(scopes) - SCOPES.keys())


def allows(scopes: Collection[str], act: str) -> bool:
    return any(act in SCOPES.get(scope, ()) for scope in scopes)
