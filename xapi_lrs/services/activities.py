"""What a store knows of activities: written with statements, read for Activities and canonical.

A definition is written only when a statement says something new, so a course of a million
statements is one row written once. Rows are made and locked in the order of their keys: two
batches about the same activities wait for each other, but never in a circle. XP-25
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from xapi_lrs.core.definitions import defined_activities, merge_definitions
from xapi_lrs.core.ids import digest_of
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import activity_key
from xapi_lrs.core.strict_json import dump_json, load_json
from xapi_lrs.models.activity import Activity
from xapi_lrs.models.store import Store

Said = dict[str, tuple[str, list[str]]]
"""activity_key (hexadecimal) to the IRI and its definitions (compact JSON) as they came."""

_LOCK = """
SELECT activity_key, definition FROM xapi_activity
WHERE store_id = %(store)s AND activity_key = ANY(%(keys)s::uuid[])
ORDER BY activity_key FOR UPDATE
"""
_MAKE = """
INSERT INTO xapi_activity (store_id, activity_key, iri, definition)
SELECT %(store)s, activity_key, iri, '{}'
FROM json_to_recordset(%(rows)s) AS t (activity_key uuid, iri text)
ORDER BY activity_key
ON CONFLICT DO NOTHING
"""
_UPDATE = """
UPDATE xapi_activity a SET definition = t.definition
FROM json_to_recordset(%(rows)s) AS t (activity_key uuid, definition text)
WHERE a.store_id = %(store)s AND a.activity_key = t.activity_key
"""
_MOST_EXPECTED = 4096
_expected: dict[tuple[UUID, str], str] = {}
"""Store and activity_key to the definition; not more than an expectation."""
_SHORT = 4_000
"""Characters of two definitions whose merging is remembered: 4096 times that at most."""


def find_definition(session: Session, store: Store, iri: str) -> JsonObject | None:
    """The merged definition of an activity; None when no statement has brought one."""
    return find_definitions(session, store, [iri]).get(iri)


def find_definitions(
    session: Session, store: Store, iris: Collection[str]
) -> dict[str, JsonObject]:
    """IRI to merged definition, for those of `iris` that have one."""
    by_key = {activity_key(iri): iri for iri in iris}
    found = select(Activity.activity_key, Activity.definition).where(
        Activity.store_id == store.id, Activity.activity_key.in_(by_key)
    )
    return {by_key[key]: load_json(text) for key, text in session.execute(found)}


def collect_definitions(bodies: Iterable[JsonObject]) -> Said:
    """What valid statements say of activities."""
    said: Said = {}
    for body in bodies:
        for iri, definition in defined_activities(body):
            texts = said.setdefault(digest_of("activity", iri), (iri, []))[1]
            text = dump_json(definition)
            if not texts or texts[-1] != text:
                texts.append(text)
    return said


def define_activities(session: Session, store_id: UUID, said: Said, known: dict[str, str]) -> None:
    """Take up what was said of activities; known: what the store had just before, by key."""
    merged = {key: _merge_all(known.get(key), said[key][1]) for key in said}
    changed = {key: said[key] for key, (_, is_new) in merged.items() if is_new}
    if changed:
        _write(session, store_id, changed)
    expect_definitions(store_id, {key: text for key, (text, _) in merged.items()})


def expected_definitions(store_id: UUID, keys: Iterable[str]) -> dict[str, str | None]:
    """Key to definition as this process saw it last; whoever relies on it lets the database
    compare."""
    return {key: _expected.get((store_id, key)) for key in keys}


def say_something_new(said: Said, known: Mapping[str, str | None]) -> bool:
    """Whether any of these definitions would change with what was said."""
    return any(_merge_all(known.get(key), texts)[1] for key, (_, texts) in said.items())


def expect_definitions(store_id: UUID, definitions: Mapping[str, str]) -> None:
    """Remember what the store knows."""
    if len(_expected) >= _MOST_EXPECTED:
        _expected.clear()
    for key, text in definitions.items():
        if len(text) <= _SHORT:
            _expected[store_id, key] = text


def _write(session: Session, store_id: UUID, said: Said) -> None:
    """Merge again under lock: another writer may have changed what was read."""
    connection = session.connection()
    made = [{"activity_key": key, "iri": said[key][0]} for key in sorted(said)]
    connection.exec_driver_sql(_MAKE, {"store": store_id, "rows": dump_json(made)})
    locked = connection.exec_driver_sql(_LOCK, {"store": store_id, "keys": list(said)})
    rows = []
    for key, text in locked:
        merged, is_new = _merge_all(text, said[key.hex][1])
        if is_new:
            rows.append({"activity_key": key, "definition": merged})
    if rows:
        connection.exec_driver_sql(_UPDATE, {"store": store_id, "rows": dump_json(rows)})


def _merge_all(known: str | None, said: Sequence[str]) -> tuple[str, bool]:
    """The merged definition and whether it differs from what was known."""
    merged = known or "{}"
    for text in said:
        short = len(merged) + len(text) <= _SHORT
        merged = _merged_before(merged, text) if short else _merge(merged, text)
    return merged, known is None or merged != known


def _merge(known: str, said: str) -> str:
    """`known` itself when nothing is new."""
    before = load_json(known)
    after = merge_definitions(before, load_json(said))
    return known if after == before else dump_json(after)


_merged_before = lru_cache(4096)(_merge)
