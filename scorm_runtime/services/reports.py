"""Reports of one package: who stands where, how scores are spread, what was answered.

Every query is bounded: the matrix is paged by key, the rest is counted by the database over the
attempts that the filter takes (10,000 of them in well under a second).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, load_only

from scorm_runtime.core.contents import Item, read_contents
from scorm_runtime.models.attempt import Attempt, AttemptSco
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services.previews import IS_NO_PREVIEW

PAGE_SIZE = 50
BUCKETS = 10
"""Of the distribution of scores: 0 to under 10 %, …, 90 to 100 %."""
MOST_PLACES = 200
_CHUNK = 500


@dataclass(frozen=True)
class ReportFilter:
    """Which attempts on a package are reported; those set aside never are, nor previews, nor
    unopened ones."""

    package_id: UUID
    version_id: UUID | None = None
    context_key: str = ""
    """Place: "portal" or "link:<id>"; "" for all."""
    since: datetime | None = None
    """Last active at or after."""
    until: datetime | None = None
    """Last active before."""

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        found = [
            Attempt.package_id == self.package_id,
            Attempt.mode == "normal",
            Attempt.state != "new",
            IS_NO_PREVIEW,
        ]
        if self.version_id is not None:
            found.append(Attempt.package_version_id == self.version_id)
        if self.context_key:
            found.append(Attempt.context_key == self.context_key)
        if self.since is not None:
            found.append(Attempt.last_active_at >= self.since)
        if self.until is not None:
            found.append(Attempt.last_active_at < self.until)
        return found


@dataclass(frozen=True)
class Summary:
    """Figures over all attempts that were taken."""

    attempts: int
    learners: int
    completed: int
    passed: int
    failed: int
    mean_score: float | None
    """Scaled, of those that have one."""
    median_seconds: float
    """Of the time spent."""


@dataclass(frozen=True)
class Row:
    """One attempt of the status matrix, and its SCOs by item identifier."""

    attempt: Attempt
    scos: dict[str, AttemptSco] = field(default_factory=dict)


@dataclass(frozen=True)
class MatrixPage:
    """Rows, the newest attempt first."""

    rows: tuple[Row, ...]
    cursor: UUID | None
    """Where the next page begins; None when this is the last one."""


def summarize(session: Session, wanted: ReportFilter) -> Summary:
    """The figures."""
    seconds = func.percentile_cont(0.5).within_group(Attempt.total_seconds)
    found = session.execute(
        select(
            func.count(),
            func.count(Attempt.user_id.distinct()),
            _count_where(Attempt.completion == "completed"),
            _count_where(Attempt.success == "passed"),
            _count_where(Attempt.success == "failed"),
            func.avg(Attempt.score_scaled),
            func.coalesce(seconds, 0.0),
        ).where(*wanted.conditions)
    ).one()
    return Summary(*found)


def count_scores(session: Session, wanted: ReportFilter) -> list[int]:
    """How many attempts have a score in each of BUCKETS equal parts of 0 to 1; scores below 0
    count as 0."""
    bucket = func.least(
        func.greatest(func.floor(Attempt.score_scaled * BUCKETS), 0), BUCKETS - 1
    ).label("bucket")
    counted = session.execute(
        select(bucket, func.count())
        .where(*wanted.conditions, Attempt.score_scaled.is_not(None))
        .group_by(bucket)
    )
    found = {int(number): count for number, count in counted}
    return [found.get(number, 0) for number in range(BUCKETS)]


def read_matrix(
    session: Session, wanted: ReportFilter, *, before: UUID | None = None, limit: int = PAGE_SIZE
) -> MatrixPage:
    """A page of attempts with their SCOs; `before` is the cursor of the page before it."""
    query = _attempts(wanted)
    if before is not None:
        query = query.where(Attempt.id < before)
    found = list(session.scalars(query.limit(limit + 1)))
    rows = _with_scos(session, found[:limit])
    return MatrixPage(tuple(rows), found[limit - 1].id if len(found) > limit else None)


def stream_matrix(session: Session, wanted: ReportFilter) -> Iterator[Row]:
    """All of the matrix, read in chunks."""
    before: UUID | None = None
    while True:
        page = read_matrix(session, wanted, before=before, limit=_CHUNK)
        yield from page.rows
        session.expunge_all()
        if page.cursor is None:
            return
        before = page.cursor


def list_columns(session: Session, wanted: ReportFilter) -> list[Item]:
    """What the matrix has columns for: the parts that can be played, of the version that is asked
    for or of the current one."""
    package = session.get_one(Package, wanted.package_id)
    version_id = wanted.version_id or package.current_version_id
    version = session.get(PackageVersion, version_id) if version_id else None
    if version is None:
        return []
    return list(read_contents(package.title, version.manifest).playable)


def list_places(session: Session, package_id: UUID) -> list[tuple[str, int]]:
    """Places where it was attempted, with the number of attempts, the most used first."""
    counted = session.execute(
        select(Attempt.context_key, func.count())
        .where(*ReportFilter(package_id).conditions)
        .group_by(Attempt.context_key)
        .order_by(func.count().desc(), Attempt.context_key)
        .limit(MOST_PLACES)
    )
    return [(key, count) for key, count in counted]


def _attempts(wanted: ReportFilter) -> Select[Attempt]:
    columns: list[Any] = [
        *(Attempt.id, Attempt.user_id, Attempt.number, Attempt.context_key, Attempt.state),
        *(Attempt.completion, Attempt.success, Attempt.score_scaled, Attempt.score_raw),
        *(Attempt.total_seconds, Attempt.launched_at, Attempt.last_active_at),
        *(Attempt.completed_at, Attempt.correction, Attempt.package_version_id),
    ]
    return (
        select(Attempt)
        .options(load_only(*columns))
        .where(*wanted.conditions)
        .order_by(Attempt.id.desc())
    )


def _with_scos(session: Session, attempts: Sequence[Attempt]) -> list[Row]:
    rows = {attempt.id: Row(attempt) for attempt in attempts}
    columns: list[Any] = [
        *(AttemptSco.attempt_id, AttemptSco.item, AttemptSco.completion),
        *(AttemptSco.success, AttemptSco.total_seconds, AttemptSco.sessions),
    ]
    for sco in session.scalars(
        select(AttemptSco).options(load_only(*columns)).where(AttemptSco.attempt_id.in_(rows))
    ):
        rows[sco.attempt_id].scos[sco.item] = sco
    return list(rows.values())


def _count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
