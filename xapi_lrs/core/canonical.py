"""format=canonical: what the store knows of activities, in one language (xAPI 1.0.3 Communication
2.1.3, "Language Filtering Requirements for Canonical Format Statements"; 2.0 4.1.6.1). XP-42

Activities get the store's merged definition, or keep the statement's own where the store has none;
every language map of activities and verbs is cut down to one language. Agents stay as they are.
"""

from collections.abc import Mapping, Sequence

from xapi_lrs.core.definitions import activities_of
from xapi_lrs.core.formats import StoredStatement, exact
from xapi_lrs.core.languages import choose_language
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.rx import COMPONENT_LISTS
from xapi_lrs.core.strict_json import dump_json, load_json

Definitions = Mapping[str, JsonObject]
"""IRI of an activity to its merged definition."""


def mentioned_activities(statement: StoredStatement) -> set[str]:
    """IRIs of all activities in it."""
    return {activity["id"] for activity in activities_of(load_json(statement.text))}


def canonical(
    statement: StoredStatement, definitions: Definitions, preferred: Sequence[str]
) -> str:
    """JSON text; `preferred` as core/languages.py gives it."""
    body = load_json(exact(statement))
    for activity in activities_of(body):
        definition = definitions.get(activity["id"]) or activity.get("definition")
        if definition is not None:
            activity["definition"] = _definition(definition, preferred)
    for one in (body, body["object"]):
        if "display" in one.get("verb", {}):
            one["verb"] = one["verb"] | {"display": _cut(one["verb"]["display"], preferred)}
    return dump_json(body)


def _definition(definition: JsonObject, preferred: Sequence[str]) -> JsonObject:
    cut = dict(definition)
    for key in ("name", "description"):
        if key in cut:
            cut[key] = _cut(cut[key], preferred)
    for key in COMPONENT_LISTS:
        if key in cut:
            cut[key] = [_component(one, preferred) for one in cut[key]]
    return cut


def _component(component: JsonObject, preferred: Sequence[str]) -> JsonObject:
    if "description" not in component:
        return component
    return component | {"description": _cut(component["description"], preferred)}


def _cut(language_map: JsonObject, preferred: Sequence[str]) -> JsonObject:
    if not language_map:
        return language_map
    tag = choose_language(list(language_map), preferred)
    return {tag: language_map[tag]}
