"""A credential as a request meets it: what of it is needed to let in and to keep within bounds."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xapi_lrs.core.bounds import Bounds
from xapi_lrs.core.scopes import acts_of


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

    def narrowed(self, scopes: Collection[str]) -> "Permit":
        """With only what `scopes` and its own scopes both give."""
        return replace(self, scopes=tuple(scopes), acts=self.acts & acts_of(scopes))

    @property
    def account(self) -> str:
        """Under which the authority of its statements is known; all launches share one, so that
        there is one authority and not one for each."""
        return "lrs-launch" if self.kind is Kind.LAUNCH else f"lrs-key:{self.key}"
