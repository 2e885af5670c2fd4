"""What statements say of activities, put together (xAPI 1.0.3 Data 2.4.4.1; Communication 2.5).

The merge rule, one line per kind of property; a later statement wins where both speak:

| property | merged |
|---|---|
| name, description | language by language |
| extensions | key by key |
| type, moreInfo | the later one |
| interactionType and what depends on it | the later one's as a whole, but for descriptions of
components with the same id: language by language |
"""

from collections.abc import Iterator

from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.rx import COMPONENT_LISTS

_MAPS = ("name", "description", "extensions")
_INTERACTION = ("interactionType", "correctResponsesPattern", *COMPONENT_LISTS)


def merge_definitions(known: JsonObject, said: JsonObject) -> JsonObject:
    """`known` with what a later statement has `said`; neither is changed."""
    merged = {**known, **said}
    for key in _MAPS:
        if key in known and key in said:
            merged[key] = {**known[key], **said[key]}
    if "interactionType" in said:
        merged = {key: value for key, value in merged.items() if key not in _INTERACTION}
        merged |= {key: said[key] for key in _INTERACTION if key in said}
        for key in COMPONENT_LISTS:
            if key in known and key in said:
                merged[key] = _merge_components(known[key], said[key])
    return merged


def _merge_components(known: list[JsonObject], said: list[JsonObject]) -> list[JsonObject]:
    before = {one["id"]: one.get("description", {}) for one in known}
    return [
        {**one, "description": {**before[one["id"]], **one.get("description", {})}}
        if before.get(one["id"])
        else one
        for one in said
    ]


def defined_activities(statement: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """IRI and definition of each activity that a valid statement brings a definition of."""
    for activity in activities_of(statement):
        if activity.get("definition"):
            yield activity["id"], activity["definition"]


def activities_of(body: JsonObject) -> Iterator[JsonObject]:
    """Every Activity in a valid statement: object, context, and those of a SubStatement."""
    target = body["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        yield target
    elif kind == "SubStatement":
        yield from activities_of(target)
    if "context" in body:
        for value in body["context"].get("contextActivities", {}).values():
            yield from value if type(value) is list else (value,)
