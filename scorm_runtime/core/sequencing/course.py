"""The activity tree of one package version: immutable, shared by every learner, cacheable.

course = build_course(package_version.manifest)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scorm_runtime.core.editions import edition_of
from scorm_runtime.core.sequencing.definition import Definition, Objective, read_definition


@dataclass(slots=True, eq=False)
class Activity:
    """A node of the tree. Made by `build_course`, never changed afterwards."""

    identifier: str
    title: str
    definition: Definition
    is_visible: bool
    parent: "Activity | None"
    position: int
    """Among its parent's children."""
    order: int
    """In preorder, the root is 0."""
    path: tuple["Activity", ...] = ()
    """From the root down to itself."""
    children: tuple["Activity", ...] = ()
    tracked_children: tuple["Activity", ...] = ()
    rolls_up_simply: bool = False
    """By the default rules, and each tracked child always counts."""
    primary: Objective = field(init=False)
    """The objective that contributes to roll-up."""
    objectives: Mapping[str, Objective] = field(init=False)
    """By id, those that have one."""
    is_always_left: bool = field(init=False)
    """Neither it nor an ancestor forbids to be left by choice."""
    is_plain: bool = field(init=False)
    """What its primary objective is known to be is only what was recorded for it."""

    def __post_init__(self) -> None:
        self.path = (*self.parent.path, self) if self.parent else (self,)
        self.primary = next(one for one in self.definition.objectives if one.is_primary)
        self.objectives = {one.id: one for one in self.definition.objectives if one.id}
        self.is_always_left = all(one.definition.choice_exit for one in self.path)
        self.is_plain = self.primary.is_plain and not self.definition.completed_by_measure

    @property
    def is_leaf(self) -> bool:
        return not self.children

    @property
    def is_root(self) -> bool:
        return self.parent is None

    @property
    def depth(self) -> int:
        return len(self.path) - 1

    def is_within(self, other: "Activity") -> bool:
        """It is `other` or one of its descendents."""
        return len(self.path) >= len(other.path) and self.path[len(other.path) - 1] is other

    def __repr__(self) -> str:
        return f"<{self.identifier}>"


@dataclass(frozen=True, eq=False)
class Course:
    """The tree with what is looked up in it."""

    root: Activity
    activities: Mapping[str, Activity]
    """By identifier, in preorder; identifiers are case-sensitive (ST-15)."""
    readers: Mapping[str, tuple[Activity, ...]]
    """Global objective -> the activities that read from it."""
    objectives_global_to_system: bool
    shared_data_global_to_system: bool
    edition: int
    depends_on_time: bool
    """What is valid may change while nothing happens: there are limits of time."""

    def find(self, identifier: str | None) -> Activity | None:
        """The activity of that identifier, if there is one."""
        return self.activities.get(identifier) if identifier else None

    @property
    def is_single_item(self) -> bool:
        """There is nothing to choose from (ST-16)."""
        return len(self.activities) <= 2

    @property
    def alone(self) -> "Course":
        """The same, sharing objectives and stores with no other course: their scope is one attempt
        on it (ST-10)."""
        return replace(self, objectives_global_to_system=False, shared_data_global_to_system=False)

    @property
    def global_objectives(self) -> frozenset[str]:
        """Ids of all global objectives that it reads or writes."""
        return frozenset(
            one.target
            for activity in self.activities.values()
            for objective in activity.definition.objectives
            for one in objective.maps
        )

    @property
    def data_stores(self) -> frozenset[str]:
        """Ids of all shared data stores that its items map."""
        return frozenset(
            target
            for activity in self.activities.values()
            for target, _, _ in activity.definition.data_maps
        )


def build_course(manifest: Mapping[str, Any]) -> Course:
    """The tree out of a version's stored manifest (`Manifest.as_json`)."""
    organization = manifest["organization"]
    items = manifest.get("items", ())
    definition = dict(organization.get("sequencing") or {})
    if len(items) == 1 and not items[0].get("items"):
        definition = _single_item(definition)
    nodes = {**organization, "items": items, "sequencing": definition}
    activities: dict[str, Activity] = {}
    root = _build(nodes, None, 0, activities)
    return Course(
        root=root,
        activities=activities,
        readers=_readers(activities.values().__iter__()),
        objectives_global_to_system=definition.get("objectives_global_to_system", True),
        shared_data_global_to_system=definition.get("shared_data_global_to_system", True),
        edition=edition_of(manifest.get("schema_version", "")),
        depends_on_time=any(one.definition.limits.has_times for one in activities.values()),
    )


def _single_item(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A course of one item: flow forced on, choice off (SN 4th Ed. 5.3.1, ST-16)."""
    control = {**definition.get("control_mode", {}), "flow": True, "choice": False}
    return {**definition, "control_mode": control}


def _build(
    node: Mapping[str, Any], parent: Activity | None, position: int, found: dict[str, Activity]
) -> Activity:
    activity = Activity(
        identifier=node["identifier"],
        title=node.get("title") or node["identifier"],
        definition=read_definition(node.get("sequencing") or {}),
        is_visible=bool(node.get("is_visible", True)),
        parent=parent,
        position=position,
        order=len(found),
    )
    found[activity.identifier] = activity
    activity.children = tuple(
        _build(child, activity, at, found) for at, child in enumerate(node.get("items", ()))
    )
    activity.tracked_children = tuple(
        child for child in activity.children if child.definition.tracked
    )
    activity.rolls_up_simply = not activity.definition.rollup_rules and all(
        child.definition.always_counts for child in activity.tracked_children
    )
    return activity


def _readers(activities: Iterator[Activity]) -> dict[str, tuple[Activity, ...]]:
    found: dict[str, tuple[Activity, ...]] = {}
    for activity in activities:
        targets = {
            target
            for objective in activity.definition.objectives
            for target in objective.sources.values()
        }
        for target in sorted(targets):
            found[target] = (*found.get(target, ()), activity)
    return found


def find_common_ancestor(one: Activity, other: Activity) -> Activity:
    """The deepest activity that both are within; it may be one of them."""
    common = one.path[0]
    for mine, its in zip(one.path, other.path, strict=False):
        if mine is not its:
            break
        common = mine
    return common
