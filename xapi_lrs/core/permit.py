"""A credential as a request meets it: what of it is needed to let in and to keep within bounds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xapi_lrs.core.bounds import Bounds


class Kind(StrEnum):
    KEY = "key"
    """Made by a person for a vendor or a tool; lives until it is revoked or expires."""
    LAUNCH = "launch"
    """Made for one learner's launch; bound to him and to the registration, short-lived."""


@dataclass(frozen=True, slots=True)
class Permit:
    id: UUID
    tenant_id: UUID
    store_id: UUID
    name: str
    key: str
    kind: Kind
    scopes: tuple[str, ...]
    acts: frozenset[str]
    """What the scopes give (core/scopes.py); less for an access token with narrower scopes."""
    bounds: Bounds
    requests_per_second: int | None = None
    """None: the server's default."""
    last_used_at: datetime | None = None
    """As far as it was written down: a few minutes late on purpose."""
