"""A package's own say in when an attempt is completed (`PackageSettings.completion_policy`)."""

from dataclasses import replace

from scorm_runtime.core.outcome import Completion, Standing
from scorm_runtime.core.package_settings import PackageSettings


def judge(
    standing: Standing, settings: PackageSettings, *, visited: bool, left: bool, before: Completion
) -> Standing:
    """`standing` with the completion that the package's policy gives it.

    `visited`: each item was opened; `left`: the learner has left at least once. What the policy
    has once called completed stays so; what the content reports ("as_reported") is taken as is.
    """
    if settings.completion_policy == "as_reported":
        return standing
    if before == "completed" or _is_reached(standing, settings, visited=visited, left=left):
        return replace(standing, completion="completed")
    begun = standing.completion != "not attempted"
    return replace(standing, completion="incomplete" if begun else "not attempted")


def _is_reached(
    standing: Standing, settings: PackageSettings, *, visited: bool, left: bool
) -> bool:
    if settings.completion_policy == "all_visited":
        return visited
    if settings.completion_policy == "on_exit":
        return left
    scaled = standing.score.scaled
    return scaled is not None and scaled >= settings.completion_score
