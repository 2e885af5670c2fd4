"""Flow (SN 4th Ed. 4.8.1): SB.2.1, SB.2.2, SB.2.3.

The book's tail recursions are loops here: a thousand skipped activities are no thousand frames.
"""

from dataclasses import dataclass

from scorm_runtime.core.sequencing.attempts import terminate_descendent_attempts
from scorm_runtime.core.sequencing.conditions import check_activity, sequencing_rules_check
from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.requests import Direction
from scorm_runtime.core.sequencing.sequencer import Sequencer

FORWARD: Direction = "forward"
BACKWARD: Direction = "backward"


Place = tuple[Activity, Direction, Direction | None]
"""Where a traversal stands: activity, direction, previous direction. Looking ahead remembers what
each leads to."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where SB.2.1 has got to: an activity and a direction, or the end, or a code."""

    activity: Activity | None = None
    direction: Direction = FORWARD
    ends_session: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Flowed:
    """Where SB.2.3 has got to; deliverable when neither `code` nor `ends_session`."""

    activity: Activity
    ends_session: bool = False
    code: str = ""

    @property
    def deliverable(self) -> bool:
        return not self.code and not self.ends_session


def flow_tree_traversal(
    s: Sequencer,
    activity: Activity,
    direction: Direction,
    previous: Direction | None,
    *,
    consider_children: bool,
) -> Step:
    """SB.2.1 Flow Tree Traversal Subprocess."""
    reversed_direction = False
    if previous == BACKWARD and activity.parent and s.next_sibling(activity, 1) is None:
        # 2: everything in a forward-only cluster that was entered backwards was skipped
        direction, reversed_direction = BACKWARD, True
        activity = s.available_children(activity.parent)[0]
    if not (activity.is_leaf or not consider_children):
        return _enter(s, activity, direction)
    if direction == FORWARD:
        return _forward(s, activity)
    return _backward(s, activity, reversed_direction=reversed_direction)


def _enter(s: Sequencer, cluster: Activity, direction: Direction) -> Step:
    """SB.2.1 3.3, 4.3."""
    if direction == BACKWARD and cluster.is_root:
        return Step(code="SB.2.1-3")
    children = s.available_children(cluster)
    if not children:
        return Step(code="SB.2.1-2")
    if direction == FORWARD or cluster.definition.forward_only:
        return Step(children[0], FORWARD)
    return Step(children[-1], BACKWARD)


def _forward(s: Sequencer, activity: Activity) -> Step:
    """SB.2.1 3.1, 3.2: the next one, on the way up where there is none beside it."""
    for one in reversed(activity.path):
        if one.is_root:
            break
        found = s.next_sibling(one, 1)
        if found is not None:
            return Step(found, FORWARD)
    if s.memo is None:
        terminate_descendent_attempts(s, s.course.root)
    return Step(ends_session=True)


def _backward(s: Sequencer, activity: Activity, *, reversed_direction: bool) -> Step:
    """SB.2.1 4.1, 4.2."""
    for one in reversed(activity.path):
        if one.parent is None:
            break
        if not reversed_direction and one.parent.definition.forward_only:
            return Step(code="SB.2.1-4")
        reversed_direction = False
        found = s.next_sibling(one, -1)
        if found is not None:
            return Step(found, BACKWARD)
    return Step(code="SB.2.1-3")


def flow_activity_traversal(
    s: Sequencer, activity: Activity, direction: Direction, previous: Direction | None
) -> Flowed:
    """SB.2.2 Flow Activity Traversal Subprocess: is it to be delivered, or what in its stead?"""
    place: Place = (activity, direction, previous)
    passed: list[Place] = []
    while True:
        if s.memo is not None and place in s.memo:
            found: Flowed = s.memo[place]
            break
        passed.append(place)
        turn = _consider(s, *place)
        if isinstance(turn, Flowed):
            found = turn
            break
        place = turn
    if s.memo is not None:
        s.memo.update(dict.fromkeys(passed, found))
    return found


def _consider(
    s: Sequencer, activity: Activity, direction: Direction, previous: Direction | None
) -> Flowed | Place:
    """SB.2.2 for one activity: the result, or where to look next."""
    if activity.parent is not None and not activity.parent.definition.flow:
        return Flowed(activity, code="SB.2.2-1")
    if sequencing_rules_check(s, activity, "skip"):
        step = flow_tree_traversal(s, activity, direction, previous, consider_children=False)
        if previous == BACKWARD and step.direction == BACKWARD:
            previous = None
    elif check_activity(s, activity):
        return Flowed(activity, code="SB.2.2-2")
    elif activity.is_leaf:
        return Flowed(activity)
    else:
        step = flow_tree_traversal(s, activity, direction, None, consider_children=True)
        turned = direction == BACKWARD and step.direction == FORWARD
        previous = BACKWARD if turned else None
    if step.activity is None:
        return Flowed(activity, step.ends_session, step.code)
    return step.activity, step.direction, previous


def flow(
    s: Sequencer, activity: Activity, direction: Direction, *, consider_children: bool
) -> Flowed:
    """SB.2.3 Flow Subprocess."""
    step = flow_tree_traversal(s, activity, direction, None, consider_children=consider_children)
    if step.activity is None:
        return Flowed(activity, step.ends_session, step.code)
    return flow_activity_traversal(s, step.activity, step.direction, None)
