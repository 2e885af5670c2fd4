"""Whatever is stored in whatever order, each filter answers what a plain reading of the
specification answers (xAPI 1.0.3 Communication 2.1.3). XP-29, XP-30, XP-39, XP-43"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.xapi_lrs.services.test_statements import LECTERN, VOIDED, save
from xapi_lrs.core.actor import identify
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.services.statements import query_statements
from xapi_lrs.services.stores import ensure_store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AGENTS = [{"mbox": f"mailto:{name}@example.com"} for name in ("ada", "bob", "carl")]
TEAM = {"objectType": "Group", "openid": "https://team.example.com", "member": AGENTS[:1]}
CROWD = {"objectType": "Group", "member": AGENTS[1:]}
VERBS = [{"id": f"urn:v:{n}"} for n in range(3)]
ACTIVITIES = [{"id": f"urn:a:{n}"} for n in range(3)]
IDS = [str(UUID(int=n)) for n in range(8)]
REGISTRATIONS = [str(UUID(int=100 + n)) for n in range(2)]

people = st.sampled_from([*AGENTS, TEAM, CROWD])
activities = st.sampled_from(ACTIVITIES)
references = st.sampled_from(IDS).map(lambda one: {"objectType": "StatementRef", "id": one})
contexts = st.fixed_dictionaries(
    {},
    optional={
        "registration": st.sampled_from(REGISTRATIONS),
        "instructor": people,
        "statement": references,
        "contextActivities": st.fixed_dictionaries({"parent": activities}),
        "contextAgents": st.lists(
            st.fixed_dictionaries(
                {"objectType": st.just("contextAgent"), "agent": st.sampled_from(AGENTS)}
            ),
            max_size=1,
        ),
    },
)
plain_objects = activities | people.map(lambda one: {"objectType": "Agent"} | one)
inner = st.fixed_dictionaries(
    {"actor": people, "verb": st.sampled_from(VERBS), "object": activities},
    optional={"context": st.fixed_dictionaries({"instructor": people})},
).map(lambda body: {"objectType": "SubStatement"} | body)
told = st.fixed_dictionaries(
    {
        "actor": people,
        "verb": st.sampled_from(VERBS),
        "object": st.one_of(references, plain_objects, inner),
    },
    optional={"context": contexts},
)
voiding = st.fixed_dictionaries(
    {"actor": people, "verb": st.just(VOIDED), "object": references}, optional={"context": contexts}
)
batches = st.permutations(IDS).flatmap(
    lambda ids: st.tuples(*[st.tuples(st.just(one), st.one_of(told, told, voiding)) for one in ids])
)
queries = st.fixed_dictionaries(
    {},
    optional={
        "agent": st.sampled_from([*AGENTS, TEAM, LECTERN]).map(identify),
        "verb": st.sampled_from([*VERBS, VOIDED]).map(lambda one: one["id"]),
        "activity": activities.map(lambda one: one["id"]),
        "registration": st.sampled_from(REGISTRATIONS).map(UUID),
        "related_agents": st.booleans(),
        "related_activities": st.booleans(),
        "since": st.integers(0, 4).map(lambda n: NOW + timedelta(milliseconds=n)),
        "until": st.integers(0, 4).map(lambda n: NOW + timedelta(milliseconds=n)),
        "ascending": st.booleans(),
        "limit": st.integers(0, 3),
    },
)
numbers = count()


@dataclass
class Model:
    """All statements in the order of storing, with the moment; read as the text reads."""

    statements: dict[str, tuple[datetime, dict[str, Any]]]

    def answer(self, query: StatementQuery) -> list[str]:
        found = [
            one
            for one, (stored, _) in self.statements.items()
            if not self._is_voided(one)
            and (query.since is None or stored > query.since)
            and (query.until is None or stored <= query.until)
            and self._matches(one, query, set())
        ]
        return found if query.ascending else found[::-1]

    def _is_voided(self, one: str) -> bool:
        if self.statements[one][1]["verb"] == VOIDED:
            return False
        refers = {"objectType": "StatementRef", "id": one}
        bodies = [body for _, body in self.statements.values()]
        return any(body["verb"] == VOIDED and body["object"] == refers for body in bodies)

    def _matches(self, one: str, query: StatementQuery, seen: set[str]) -> bool:
        if one not in self.statements or one in seen:
            return False
        body = self.statements[one][1]
        if _meets(body, query):
            return True
        target = body["object"]
        refers = target.get("objectType") == "StatementRef"
        return refers and self._matches(target["id"], query, seen | {one})


def _meets(body: dict[str, Any], query: StatementQuery) -> bool:
    context = body.get("context", {})
    return (
        (query.verb is None or body["verb"]["id"] == query.verb)
        and (query.registration is None or context.get("registration") == str(query.registration))
        and (query.agent is None or query.agent in set(_agents(body, query.related_agents)))
        and (query.activity is None or query.activity in _activities(body, query))
    )


def _agents(body, related):
    parties = [body["actor"], body["object"]]
    if related:
        inside = body["object"] if body["object"].get("objectType") == "SubStatement" else {}
        parties += [LECTERN, *(inside.get(key, {}) for key in ("actor", "object"))]
        for context in (body.get("context", {}), inside.get("context", {})):
            parties.append(context.get("instructor", {}))
            parties += [one["agent"] for one in context.get("contextAgents", ())]
    for party in parties:
        for one in (party, *party.get("member", ())):
            if identify(one):
                yield identify(one)


def _activities(body, query):
    found = [body["object"]]
    if query.related_activities:
        inside = body["object"].get("object")
        found += [inside] if inside else []
        found += body.get("context", {}).get("contextActivities", {}).values()
    return {one.get("id") for one in found if one.get("objectType") != "StatementRef"}


def walk(session, store, query):
    """All pages by their cursors."""
    found: list[str] = []
    while True:
        page = query_statements(session, store, query)
        found += [str(one.statement_id) for one in page.statements]
        if page.cursor is None:
            return found
        query = StatementQuery(**{**_fields(query), "cursor": page.cursor})


def _fields(query):
    return {name: getattr(query, name) for name in StatementQuery.__dataclass_fields__}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches, st.integers(1, 8), st.lists(queries, min_size=8, max_size=8))
def test_every_filter_answers_what_the_specification_says(session, arriving, size, asked):
    """References may point forwards, backwards, in circles and to nothing; voided targets still
    let those be found that refer to them."""
    store = ensure_store(session, f"model-{next(numbers)}")
    model = Model({})
    for place in range(0, len(arriving), size):
        now = NOW + timedelta(milliseconds=place // size)
        bodies = [body | {"id": one} for one, body in arriving[place : place + size]]
        save(session, store, *bodies, now=now, version="2.0.0")
        model.statements |= {body["id"]: (now, body) for body in bodies}
    for fields in asked:
        query = StatementQuery(**fields)
        assert walk(session, store, query) == model.answer(query)
