"""Launches without a person (LTI Core 1.3 section 5.3.6.1): only where the organisation wants them.

The certification guide refuses them (LTI-B12), so they are off unless an administrator switches
them on. Somebody anonymous is a new pseudonym at each launch, without a role: he may look and work,
nothing is graded, nothing is found again.
"""

from typing import Any
from uuid import UUID

from lti_app.core.lti import claims as c

SETTING = "lti_anonymous_launches"
"""Of a tenant's settings."""


def is_anonymous(claims: dict[str, Any]) -> bool:
    """Whether the message says nothing about who launches."""
    return claims.get("sub") in (None, "")


def stand_in(claims: dict[str, Any], login_id: UUID) -> dict[str, Any]:
    """`claims` with a subject of this one login and without any role."""
    return {**claims, "sub": f"anonymous-{login_id}", c.ROLES: []}
