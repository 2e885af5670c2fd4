"""What links can open, whatever it is: finding it by its key, searching it, opening it.

A kind of content is one entry of KINDS. "package" stands here; native kinds register themselves
(`register`). Nothing here asks who may see: the picker offers everything of the tenant that can
be opened, and a link that names something opens it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from database.prepared import PREPARED
from lti_app.core.item import PACKAGE, After, Item, ItemVersion, Opened, kind_of
from lti_app.core.notices import N_
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services import attempts

PAGE = 24
"""Items of one page of a search."""


class Opens(Protocol):
    """Opens an item for a person in a place."""

    def __call__(
        self, session: Session, item: Item, *, user_id: UUID, context_key: str, now: datetime
    ) -> Opened: ...


class Searches(Protocol):
    """Openable items by (sort_key, id), from behind `after`; `text` is looked for in the words that
    people see, and may be ""."""

    def __call__(
        self, session: Session, text: str, *, limit: int, after: After | None
    ) -> list[Item]: ...


@dataclass(frozen=True)
class ItemKind:
    """How one kind of content is found, searched and opened."""

    code: str
    label: str
    """English, translated where it is shown: "SCORM package"."""
    find: Callable[[Session, str], Item | None]
    """By its whole key; archived ones are None."""
    search: Searches
    open: Opens
    list_versions: Callable[[Session, Item], Sequence[ItemVersion]] = lambda _session, _item: ()
    """Published versions, newest first."""


KINDS: dict[str, ItemKind] = {}
"""By code, in the order in which the picker offers them."""


def register(kind: ItemKind) -> None:
    """Add a kind of content; called once, when the application is made."""
    KINDS[kind.code] = kind


def find_item(session: Session, key: str, version: int | None = None) -> Item | None:
    """What `key` names, in the version numbered `version` where the kind has that one published,
    else in its current one."""
    kind = KINDS.get(kind_of(key.strip()))
    item = kind.find(session, key.strip()) if kind else None
    if kind is None or item is None or version is None:
        return item
    for one in kind.list_versions(session, item):
        if one.number == version:
            return replace(
                item,
                version_id=one.id,
                version_number=one.number,
                is_playable=True,
                is_pinned=True,
            )
    return item


def search_items(
    session: Session,
    text: str = "",
    kinds: Sequence[str] = (),
    limit: int = PAGE,
    after: After | None = None,
) -> list[Item]:
    """Openable items of `kinds` (all where it is empty) by title, the first `limit` behind
    `after`; every word of `text` must be in what people see of the item."""
    chosen = [KINDS[code] for code in kinds if code in KINDS] or list(KINDS.values())
    found = [
        item
        for kind in chosen
        for item in kind.search(session, text.strip(), limit=limit, after=after)
    ]
    return sorted(found, key=lambda item: (item.sort_key, item.id))[:limit]


def list_versions(session: Session, item: Item) -> Sequence[ItemVersion]:
    """What a link to `item` may pin, newest first; empty where the kind has no versions."""
    return KINDS[item.kind].list_versions(session, item)


def open_item(
    session: Session, item: Item, *, user_id: UUID, context_key: str, now: datetime
) -> Opened:
    """Open `item` for a person in a place ("portal", "link:<id>"): begin or go on."""
    return KINDS[item.kind].open(session, item, user_id=user_id, context_key=context_key, now=now)


# ── packages ──────────────────────────────────────────────────────────────────────────────────

_SORT_KEY: ColumnElement[str] = literal_column('lower(package.title) COLLATE "C"')
"""As the index ix_package_by_title has it; the same order in Python and in the database."""

_PACKAGES = (
    select(
        Package.id,
        Package.key,
        Package.title,
        Package.description,
        _SORT_KEY.label("sort_key"),
        PackageVersion.id.label("version_id"),
        PackageVersion.number,
        PackageVersion.playable,
        PackageVersion.standard,
        PackageVersion.schema_version,
    )
    .outerjoin(PackageVersion, PackageVersion.id == Package.current_version_id)
    .where(Package.archived_at.is_(None))
)
"""Without the manifests, which are large."""

_PACKAGE = _PACKAGES.where(Package.key == bindparam("key")).execution_options(**PREPARED)

_STANDARDS = {"scorm_1_2": "SCORM", "scorm_2004": "SCORM", "cmi5": "cmi5", "ims_cp": "IMS"}


def _find_package(session: Session, key: str) -> Item | None:
    row = session.connection().execute(_PACKAGE, {"key": key}).one_or_none()
    return _package_item(row) if row else None


def _search_packages(session: Session, text: str, *, limit: int, after: After | None) -> list[Item]:
    query: Select[*tuple[object, ...]] = _PACKAGES.where(PackageVersion.playable)
    for word in text.split():
        columns = (Package.title, Package.description, Package.key)
        query = query.where(or_(*(c.icontains(word, autoescape=True) for c in columns)))
    if after is not None:
        query = query.where(tuple_(_SORT_KEY, Package.id) > tuple_(after.sort_key, after.id))
    rows = session.execute(query.order_by(_SORT_KEY, Package.id).limit(limit))
    return [_package_item(row) for row in rows]


def _package_item(row: Row[*tuple[object, ...]]) -> Item:
    standard = _STANDARDS.get(row.standard or "", "")
    return Item(
        kind=PACKAGE,
        key=row.key,
        id=row.id,
        title=row.title,
        description=row.description,
        version_id=row.version_id,
        version_number=row.number,
        is_playable=bool(row.playable),
        form=f"{standard} {row.schema_version or ''}".strip(),
        sort_key=row.sort_key,
    )


def _list_package_versions(session: Session, item: Item) -> list[ItemVersion]:
    current = session.scalar(select(Package.current_version_id).where(Package.id == item.id))
    rows = session.execute(
        select(PackageVersion.id, PackageVersion.number, PackageVersion.published_at)
        .where(
            PackageVersion.package_id == item.id,
            PackageVersion.playable,
            or_(PackageVersion.published_at.is_not(None), PackageVersion.id == current),
        )
        .order_by(PackageVersion.number.desc())
    )
    return [ItemVersion(*row, is_current=row.id == current) for row in rows]


def _open_package(
    session: Session, item: Item, *, user_id: UUID, context_key: str, now: datetime
) -> Opened:
    if not item.is_playable:  # who has begun keeps his version (PAIN-25)
        begun = attempts.find_attempt(
            session, package_id=item.id, user_id=user_id, context_key=context_key
        )
        if begun is None:
            return Opened(problem="content_unplayable")
    attempt = attempts.open_attempt(
        session,
        package_id=item.id,
        user_id=user_id,
        context_key=context_key,
        now=now,
        version_id=item.version_id if item.is_pinned else None,
    )
    return Opened(attempt_id=attempt.id)


register(
    ItemKind(
        code=PACKAGE,
        label=N_("SCORM package"),
        find=_find_package,
        search=_search_packages,
        open=_open_package,
        list_versions=_list_package_versions,
    )
)
