"""The tenant's tree of course categories: as a list for forms, as a tree to look after."""

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from content.core.errors import CourseInvalid, CourseMissing
from content.models.course import Course, CourseCategory

MAX_NAME = 80
MAX_DEPTH = 5
"""So many levels a tree has at most; deeper ones nobody finds their way in."""
_Children = dict[UUID | None, list[CourseCategory]]


@dataclass(frozen=True)
class Node:
    """A category with what is below it."""

    category: CourseCategory
    courses: int
    """That are in this very category, whatever their state."""
    children: tuple["Node", ...]


def list_choices(session: Session) -> list[tuple[str, str]]:
    """(id, "Parent › Child") of every category, parents before their children."""
    query = select(CourseCategory)
    query = query.order_by(CourseCategory.position, func.lower(CourseCategory.name))
    categories = list(session.scalars(query))
    known = {one.id: one for one in categories}

    def path(one: CourseCategory) -> list[str]:
        names, seen = [one.name], {one.id}
        while one.parent_id in known and one.parent_id not in seen:
            one = known[one.parent_id]
            seen.add(one.id)
            names.insert(0, one.name)
        return names

    paths = sorted((path(one), str(one.id)) for one in categories)
    return [(category_id, " › ".join(names)) for names, category_id in paths]


def read_tree(session: Session) -> tuple[Node, ...]:
    """All categories, as the catalogue orders them."""
    children = _read_children(session)
    counted = session.execute(
        select(Course.category_id, func.count(Course.id)).group_by(Course.category_id)
    )
    counts = {row[0]: row[1] for row in counted}

    def below(parent: UUID | None) -> tuple[Node, ...]:
        found = children.get(parent, [])
        return tuple(Node(one, counts.get(one.id, 0), below(one.id)) for one in found)

    return below(None)


def add(session: Session, name: str, parent_id: UUID | None) -> CourseCategory:
    """A new category, the last below its parent. Raises CourseInvalid, CourseMissing."""
    children = _read_children(session, lock=True)
    parent = _find(children, parent_id) if parent_id else None
    if parent is not None and _depth(children, parent) + 1 > MAX_DEPTH:
        raise CourseInvalid("parent", "at most %(most)s levels", most=MAX_DEPTH)
    name = _check_name(children, name, parent_id)
    siblings = children.get(parent_id, [])
    position = max((one.position for one in siblings), default=-1) + 1
    slug = _choose_slug(children, name)
    made = CourseCategory(name=name, slug=slug, parent_id=parent_id, position=position)
    session.add(made)
    session.flush()
    return made


def change(session: Session, category_id: UUID, name: str, parent_id: UUID | None) -> None:
    """Another name, another place; its address in the catalogue stays. Raises CourseInvalid for a
    place below itself, and CourseMissing."""
    children = _read_children(session, lock=True)
    category = _find(children, category_id)
    category.name = _check_name(children, name, parent_id, besides=category_id)
    if parent_id == category.parent_id:
        return
    if parent_id is not None:
        parent = _find(children, parent_id)
        if parent_id in {one.id for one in _below(children, category)}:
            raise CourseInvalid("parent", "a category cannot be below itself")
        if _depth(children, parent) + _height(children, category) > MAX_DEPTH:
            raise CourseInvalid("parent", "at most %(most)s levels", most=MAX_DEPTH)
    siblings = children.get(parent_id, [])
    category.position = max((one.position for one in siblings), default=-1) + 1
    category.parent_id = parent_id
    session.flush()


def step(session: Session, category_id: UUID, way: int) -> None:
    """One place up (-1) or down (1) among its siblings; at the end nothing happens."""
    children = _read_children(session, lock=True)
    siblings = children[_find(children, category_id).parent_id]
    here = next(at for at, one in enumerate(siblings) if one.id == category_id)
    if 0 <= here + way < len(siblings):
        siblings.insert(here + way, siblings.pop(here))
    for position, one in enumerate(siblings):
        one.position = position
    session.flush()


def delete(session: Session, category_id: UUID) -> None:
    """Take it away. Its courses and the categories below it go up to its parent: nothing else is
    lost."""
    children = _read_children(session, lock=True)
    category = _find(children, category_id)
    parent_id = category.parent_id
    last = max((one.position for one in children[parent_id]), default=0)
    taken = {one.name.casefold() for one in children[parent_id] if one.id != category_id}
    for at, one in enumerate(children.get(category_id, []), 1):
        if one.name.casefold() in taken:
            raise CourseInvalid(
                "name", "there is “%(name)s” above already: rename one first", name=one.name
            )
        one.parent_id, one.position = parent_id, last + at
    moved = update(Course).where(Course.category_id == category_id)
    session.execute(moved.values(category_id=parent_id))
    session.flush()
    session.delete(category)
    session.flush()


def _read_children(session: Session, *, lock: bool = False) -> _Children:
    query = select(CourseCategory).order_by(CourseCategory.position, CourseCategory.name)
    if lock:  # two who move at the same time could otherwise make a ring
        query = query.with_for_update().execution_options(populate_existing=True)
    found: _Children = {}
    for one in session.scalars(query):
        found.setdefault(one.parent_id, []).append(one)
    return found


def _find(children: _Children, category_id: UUID) -> CourseCategory:
    for some in children.values():
        for one in some:
            if one.id == category_id:
                return one
    raise CourseMissing("There is no such category.")


def _below(children: _Children, category: CourseCategory) -> list[CourseCategory]:
    """It, and all below it."""
    found = [category]
    for one in found:
        found.extend(children.get(one.id, []))
    return found


def _depth(children: _Children, category: CourseCategory) -> int:
    depth = 1
    while category.parent_id is not None:
        category, depth = _find(children, category.parent_id), depth + 1
    return depth


def _height(children: _Children, category: CourseCategory) -> int:
    below = children.get(category.id, [])
    return 1 + max((_height(children, one) for one in below), default=0)


def _check_name(
    children: _Children, name: str, parent_id: UUID | None, besides: UUID | None = None
) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME:
        raise CourseInvalid("name", "a name of 1 to %(most)s characters", most=MAX_NAME)
    for one in children.get(parent_id, []):
        if one.id != besides and one.name.casefold() == name.casefold():
            raise CourseInvalid("name", "there is “%(name)s” in this place already", name=one.name)
    return name


def _choose_slug(children: _Children, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "category"
    taken = {one.slug for some in children.values() for one in some}
    tried = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in tried if slug not in taken)
