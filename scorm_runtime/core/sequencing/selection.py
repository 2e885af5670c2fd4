"""Selection and randomization (SN 4th Ed. 4.7): SR.1 and SR.2.

A selection, or a new order, is made when the learner's sequencing of the course begins, and for
"on each new attempt" again whenever an attempt on the cluster has ended: so the next attempt
finds it, and looking ahead shows what will happen.
"""

from scorm_runtime.core.sequencing.course import Activity
from scorm_runtime.core.sequencing.sequencer import Sequencer


def select_children(s: Sequencer, activity: Activity) -> None:
    """SR.1 Select Children Process: `select_count` of them, in their order."""
    definition = activity.definition
    if activity.is_leaf or _is_under_way(s, activity) or s.randbelow is None:
        return
    if definition.select_timing != "once" or definition.select_count is None:
        return  # "on each new attempt" is not defined by SCORM (SR.1 5)
    if s.of(activity).attempts > 0:
        return
    left = list(activity.children)
    while len(left) > definition.select_count:
        left.pop(s.randbelow(len(left)))
    s.state.children[activity.identifier] = tuple(child.identifier for child in left)


def randomize_children(s: Sequencer, activity: Activity, *, first: bool = False) -> None:
    """SR.2 Randomize Children Process; `first`: before anything was attempted."""
    definition = activity.definition
    if activity.is_leaf or _is_under_way(s, activity) or s.randbelow is None:
        return
    if not definition.reorders or definition.randomize_timing == "never":
        return
    if definition.randomize_timing == "once" and not first:
        return
    order = [child.identifier for child in s.available_children(activity)]
    for at in range(len(order) - 1, 0, -1):
        other = s.randbelow(at + 1)
        order[at], order[other] = order[other], order[at]
    s.state.children[activity.identifier] = tuple(order)


def begin(s: Sequencer) -> None:
    """Both for every cluster, before the first request of somebody new to the course."""
    for activity in s.course.activities.values():
        select_children(s, activity)
        randomize_children(s, activity, first=True)


def _is_under_way(s: Sequencer, activity: Activity) -> bool:
    state = s.of(activity)
    return state.is_active or state.is_suspended
