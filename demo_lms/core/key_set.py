"""The tool's key set (RFC 7517) as the token endpoint needs it."""

from __future__ import annotations

from typing import Any

import jwt


def parse_key_set(document: object) -> dict[str, Any]:
    """kid → public key of every usable RSA key; keys of other kinds are left out."""
    entries = document.get("keys") if isinstance(document, dict) else None
    keys: dict[str, Any] = {}
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("kty") != "RSA":
            continue
        if not isinstance(entry.get("kid"), str):
            continue
        try:
            keys[entry["kid"]] = jwt.PyJWK.from_dict(entry, algorithm="RS256").key
        except jwt.PyJWTError:
            continue
    return keys
