"""Activities and their definitions (xAPI 1.0.3 Data 2.4.4.1), interactions included."""

from typing import Any

from xapi_lrs.core import rx
from xapi_lrs.core.checks import (
    check_extensions,
    check_iri,
    check_language_map,
    check_object,
    check_string,
    present,
)
from xapi_lrs.core.problems import JsonObject, Problems

ACTIVITY = frozenset(("objectType", "id", "definition"))
COMPONENT = frozenset(("id", "description"))
DEFINITION = frozenset(
    (
        *("name", "description", "type", "moreInfo", "extensions", "interactionType"),
        *("correctResponsesPattern", *rx.COMPONENT_LISTS),
    )
)
_NEEDS_INTERACTION_TYPE = ("correctResponsesPattern", *rx.COMPONENT_LISTS)


def check_activity(activity: Any, path: str, problems: Problems) -> None:
    if not check_object(activity, ACTIVITY, path, problems, "an Activity"):
        return
    if activity.get("objectType", "Activity") != "Activity":
        problems(f"{path}.objectType", "XP-21", "must be Activity")
    check_iri(activity, "id", path, problems, required=True)
    if present(activity, "definition", path, problems):
        check_definition(activity["definition"], f"{path}.definition", problems)


def check_definition(definition: Any, path: str, problems: Problems) -> None:
    if not check_object(definition, DEFINITION, path, problems, "an Activity Definition"):
        return
    check_language_map(definition, "name", path, problems)
    check_language_map(definition, "description", path, problems)
    check_iri(definition, "type", path, problems)
    check_iri(definition, "moreInfo", path, problems)
    check_extensions(definition, path, problems)
    _check_interaction(definition, path, problems)


def _check_interaction(definition: JsonObject, path: str, problems: Problems) -> None:
    """interactionType is required as soon as anything depends on it. XP-41"""
    kind = definition.get("interactionType")
    used = [key for key in _NEEDS_INTERACTION_TYPE if key in definition]
    if kind is None:
        if used or "interactionType" in definition:
            problems(f"{path}.interactionType", "XP-41", "is missing or null")
    elif type(kind) is not str or kind not in rx.INTERACTION_TYPES:
        allowed = ", ".join(sorted(rx.INTERACTION_TYPES))
        problems(f"{path}.interactionType", "XP-41", f"must be one of {allowed}")
        kind = None
    for key in used:
        if key == "correctResponsesPattern":
            _check_pattern(definition[key], f"{path}.{key}", problems)
            continue
        if kind is not None and kind not in rx.COMPONENT_LISTS[key]:
            problems(f"{path}.{key}", "XP-41", f"does not belong to interactionType {kind}")
        _check_components(definition[key], f"{path}.{key}", problems)


def _check_pattern(pattern: Any, path: str, problems: Problems) -> None:
    if type(pattern) is not list or any(type(one) is not str for one in pattern):
        problems(path, "XP-41", "must be an array of strings")


def _check_components(components: Any, path: str, problems: Problems) -> None:
    if type(components) is not list:
        problems(path, "XP-41", "must be an array of interaction components")
        return
    seen: set[str] = set()
    for index, component in enumerate(components):
        here = f"{path}[{index}]"
        if not check_object(component, COMPONENT, here, problems, "an interaction component"):
            continue
        check_string(component, "id", here, problems, required=True, rule="XP-41")
        check_language_map(component, "description", here, problems)
        name = component.get("id")
        if type(name) is str:
            if name in seen:
                problems(f"{here}.id", "XP-41", "must be unique within its list")
            seen.add(name)
