"""When the share of grades that fail is worth a word to an administrator (PAIN-04)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

WINDOW = timedelta(hours=1)
"""What was tried in this time is looked at."""
LEAST = 5
"""Fewer sendings say nothing: one teacher who plays makes a share of 100 %."""
AGAIN = timedelta(hours=24)
"""So long the same platform's alert is not repeated, while it lasts."""
LIMITS = (0, 5, 10, 20, 50)
"""Percent to choose from; 0: never told."""


@dataclass(frozen=True)
class Share:
    """Sendings of one platform that were tried within the window."""

    registration_id: UUID
    name: str
    tried: int
    failed: int
    """Refused, or not delivered yet after at least one try that failed."""
    limit: int
    """Percent that the administrators chose."""

    @property
    def percent(self) -> int:
        return round(100 * self.failed / self.tried) if self.tried else 0

    @property
    def is_alarming(self) -> bool:
        too_many = self.failed * 100 > self.limit * self.tried
        return self.limit > 0 and self.tried >= LEAST and too_many
