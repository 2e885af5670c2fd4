"""The launch log as its page reads it: filtered, counted per reason, judged per platform."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lti_app.core.lti.expectations import find_missing, list_services
from lti_app.models.context import ResourceLink
from lti_app.models.launch import Launch
from lti_app.models.registration import Registration
from lti_app.models.user import User
from lti_app.services.launches import LaunchEntry

LOOKED_BACK = 30
"""Launches whose clock difference makes the trend."""
SKEW_WARNING_MS = 45_000
"""A difference beyond this is on its way to be refused (the usual leeway is 60 s). PAIN-14"""


@dataclass(frozen=True)
class LaunchFilter:
    """Empty parts let everything through."""

    result: str = ""
    """"accepted", "refused", or ""."""
    reason: str = ""
    registration_id: UUID | None = None
    since: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.result:
            found.append(Launch.result == self.result)
        if self.reason:
            found.append(Launch.reason == self.reason)
        if self.registration_id is not None:
            found.append(Launch.registration_id == self.registration_id)
        if self.since is not None:
            found.append(Launch.created_at >= self.since)
        return found


@dataclass(frozen=True)
class PlatformCheck:
    """How a platform's launches are, as far as the log knows."""

    last_accepted: Launch | None
    last_refused: Launch | None
    missing: tuple[str, ...]
    """Of the last accepted launch (lti_app.core.lti.expectations.find_missing)."""
    services: tuple[str, ...]
    skews: tuple[int, ...]
    """Milliseconds, oldest first."""

    @property
    def skew_ms(self) -> int | None:
        """The usual difference of the clocks: the median of the last launches."""
        return round(median(self.skews)) if self.skews else None

    @property
    def is_skewed(self) -> bool:
        """Whether the clocks should be looked at before launches are refused."""
        return self.skew_ms is not None and abs(self.skew_ms) >= SKEW_WARNING_MS


def list_entries(
    session: Session, wanted: LaunchFilter, *, limit: int, before: UUID | None = None
) -> list[LaunchEntry]:
    """Newest first; `before` is the id of the last row of the page before."""
    query = (
        select(Launch, Registration, User, ResourceLink)
        .outerjoin(Registration, Registration.id == Launch.registration_id)
        .outerjoin(User, User.id == Launch.user_id)
        .outerjoin(ResourceLink, ResourceLink.id == Launch.resource_link_id)
        .where(*wanted.conditions())
        .order_by(Launch.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Launch.id < before)
    return [
        LaunchEntry(launch, registration, user, link)
        for launch, registration, user, link in session.execute(query)
    ]


def count_reasons(session: Session, wanted: LaunchFilter) -> list[tuple[str, str, int]]:
    """(result, reason, how many), the most frequent first; reason "" is a launch let in."""
    rows = session.execute(
        select(Launch.result, Launch.reason, func.count())
        .where(*wanted.conditions())
        .group_by(Launch.result, Launch.reason)
        .order_by(func.count().desc(), Launch.reason)
    )
    return [(result, reason, count) for result, reason, count in rows]


def check_platform(session: Session, registration_id: UUID) -> PlatformCheck:
    """What the log says about one platform."""
    last = {
        result: session.scalar(
            select(Launch)
            .where(Launch.registration_id == registration_id, Launch.result == result)
            .order_by(Launch.id.desc())
            .limit(1)
        )
        for result in ("accepted", "refused")
    }
    skews = session.scalars(
        select(Launch.skew_ms)
        .where(Launch.registration_id == registration_id, Launch.skew_ms.is_not(None))
        .order_by(Launch.id.desc())
        .limit(LOOKED_BACK)
    )
    accepted = last["accepted"]
    claims = accepted.claims if accepted else {}
    return PlatformCheck(
        last_accepted=accepted,
        last_refused=last["refused"],
        missing=find_missing(claims),
        services=list_services(claims),
        skews=tuple(skew for skew in reversed(skews.all()) if skew is not None),
    )
