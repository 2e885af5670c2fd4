"""A choice of, and a jump to, every activity at once: SB.2.9 and DB.1.1 down the tree.

The answers are those of asking for each target by itself (`choice.py`, `delivery.py`). What the
children of a cluster have in common is asked once: the rules and limits of what is above them,
and, away from the activity in front, also the way to them.
"""

from dataclasses import dataclass, field

from scorm_runtime.core.sequencing.choice import (
    find_choice,
    why_not_entered_itself,
    why_not_listed_itself,
    why_not_reachable,
)
from scorm_runtime.core.sequencing.conditions import check_activity
from scorm_runtime.core.sequencing.course import Activity, find_common_ancestor
from scorm_runtime.core.sequencing.navigation import navigation_request
from scorm_runtime.core.sequencing.sequencer import Sequencer


@dataclass(slots=True)
class Targets:
    """By identifier, in preorder."""

    choice: dict[str, str] = field(default_factory=dict)
    """The code that forbids to choose it, "" where it would be carried out."""
    unlisted: set[str] = field(default_factory=set)
    """Not selected, or hidden from choice: it or an ancestor."""
    barred: set[str] = field(default_factory=set)
    """Disabled, or a limit is violated: it or an ancestor (DB.1.1 4)."""


@dataclass(frozen=True, slots=True)
class _Family:
    """What the children of a cluster have in common."""

    unlisted: str
    """The code of the cluster or an ancestor that is not listed."""
    is_barred: bool
    """The cluster or an ancestor is disabled or violates a limit."""
    no_choice: str
    """The cluster does not allow choice."""
    is_on_the_way: bool
    """The activity in front lies in it: its children are not reached in the same way."""
    asked: str
    """What NB.2.1 answers, but for a child on the way."""
    reached: str
    """What SB.2.9 5 to 11 answer, unless it is on the way."""


_ABOVE_THE_ROOT = _Family("", False, "", True, "", "")


def find_targets(s: Sequencer, ahead: Sequencer, replaced: str | None) -> Targets:
    """`ahead`: after the activity in front has ended; `replaced`: what becomes of the request that
    takes the place of any, None when there is none."""
    targets = Targets()
    way = frozenset(s.current.path) if s.current is not None else frozenset()
    families: dict[Activity | None, _Family] = {None: _ABOVE_THE_ROOT}
    entered: list[Activity] = []
    for activity in s.course.activities.values():
        above, name = families[activity.parent], activity.identifier
        unlisted = above.unlisted or why_not_listed_itself(ahead, activity)
        is_barred = above.is_barred or check_activity(ahead, activity)
        if unlisted:
            targets.unlisted.add(name)
        if is_barred:
            targets.barred.add(name)
        if activity.children:
            families[activity] = _family(s, ahead, activity, above, unlisted, is_barred, way)
        is_itself = activity in way or activity.parent is None
        code = _asked(s, activity) if is_itself else above.asked
        code = code or replaced or unlisted or above.no_choice
        if not code and replaced is None:
            alone = is_itself or above.is_on_the_way
            code = why_not_reachable(ahead, activity) if alone else above.reached
            if not code and activity.children:
                entered.append(activity)
            elif not code and is_barred:
                code = "DB.1.1-3"
        targets.choice[name] = code
    for cluster in entered:
        targets.choice[cluster.identifier] = _why_not_delivered(ahead, cluster, targets)
    return targets


def _family(
    s: Sequencer,
    ahead: Sequencer,
    cluster: Activity,
    above: _Family,
    unlisted: str,
    is_barred: bool,
    way: frozenset[Activity],
) -> _Family:
    """What is asked for one child that is not on the way holds for all of these."""
    is_on_the_way = cluster in way
    child = next((one for one in cluster.children if one not in way), None)
    asked = _asked(s, child) if child is not None else ""
    reached = ""
    if child is not None and not is_on_the_way:
        if above.is_on_the_way:
            reached = why_not_reachable(ahead, child)
        else:
            reached = above.reached or _why_not_through(ahead, cluster)
    no_choice = "" if cluster.definition.choice else "SB.2.9-4"
    return _Family(unlisted, is_barred, no_choice, is_on_the_way, asked, reached)


def _asked(s: Sequencer, target: Activity) -> str:
    return navigation_request(s, "choice", target).code


def _why_not_through(ahead: Sequencer, cluster: Activity) -> str:
    """One step further down into a branch, which is all that is new."""
    current = ahead.current
    common = find_common_ancestor(current, cluster) if current else ahead.course.root
    forward = current is None or ahead.is_after(cluster, current)
    return why_not_entered_itself(ahead, common, cluster, forward=forward)


def _why_not_delivered(ahead: Sequencer, cluster: Activity, targets: Targets) -> str:
    """SB.2.9 13 and DB.1.1: what flow finds there may lie anywhere behind it."""
    found = find_choice(ahead, cluster)
    if found is None:
        return "SB.2.9-9"
    return "DB.1.1-3" if found.identifier in targets.barred else ""
