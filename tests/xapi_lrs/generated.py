"""Hypothesis's valid statements: every property, extensions everywhere, odd texts."""

from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

texts = st.text(max_size=20)
names = st.text(min_size=1, max_size=12)
uuids = st.uuids().map(str) | st.uuids().map(lambda one: str(one).upper())
iris = st.builds(
    "{}:{}".format,
    st.sampled_from(["http", "https", "urn", "tag", "X-a+b.c"]),
    st.text(
        st.characters(exclude_categories=("C", "Z"), exclude_characters='<>"{}|\\^`'), min_size=1
    ),
)
tags = st.sampled_from(
    ["en", "en-US", "zh-Hant-TW", "sr-Latn-RS", "x-klingon", "DE-ch-1996", "und"]
)
language_maps = st.dictionaries(tags, texts, max_size=3)
numbers = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
extensions = st.dictionaries(iris, anything, max_size=3)
offsets = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
timestamps = st.datetimes(timezones=offsets).map(datetime.isoformat) | st.sampled_from(
    ["2020-02-29T23:59:59Z", "2020-01-01T00:00:00.123456789+14:00"]
)
durations = st.sampled_from(["P4W", "PT16559.14S", "P3Y1M29DT4H35M59.14S", "PT0S", "P1D"])


def some(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(required, optional=optional)


identifiers = st.one_of(
    st.builds(
        lambda name: {"mbox": f"mailto:{name}@example.com"}, st.from_regex(r"\A[a-z.]{1,9}\Z")
    ),
    st.just({"mbox_sha1sum": "a" * 39 + "F"}),
    iris.map(lambda iri: {"openid": iri}),
    some({"homePage": iris, "name": names}, {}).map(lambda account: {"account": account}),
)
agents = st.builds(
    lambda who, more: who | more,
    identifiers,
    some({}, {"name": texts, "objectType": st.just("Agent")}),
)
groups = st.one_of(
    st.builds(
        lambda who, more: who | more,
        identifiers,
        some({}, {"member": st.lists(agents, max_size=2)}),
    ),
    st.builds(lambda member: {"member": member}, st.lists(agents, min_size=1, max_size=3)),
).map(lambda group: group | {"objectType": "Group"})
actors = agents | groups
parties = agents.map(lambda agent: agent | {"objectType": "Agent"}) | groups

interactions = st.one_of(
    some(
        {"interactionType": st.sampled_from(["choice", "sequencing"])},
        {"choices": st.just([{"id": "a", "description": {"en": "A"}}, {"id": "b"}])},
    ),
    some({"interactionType": st.just("likert")}, {"scale": st.just([{"id": "likert_0"}])}),
    some({"interactionType": st.just("numeric")}, {"correctResponsesPattern": st.lists(texts)}),
    st.just({}),
)
definitions = st.builds(
    lambda plain, interaction: plain | interaction,
    some(
        {},
        {
            "name": language_maps,
            "description": language_maps,
            "type": iris,
            "moreInfo": iris,
            "extensions": extensions,
        },
    ),
    interactions,
)
activities = some({"id": iris}, {"objectType": st.just("Activity"), "definition": definitions})
references = uuids.map(lambda one: {"objectType": "StatementRef", "id": one})

scores = some(
    {},
    {
        "scaled": st.floats(-1, 1) | st.sampled_from([0, 1, -1]),
        "raw": st.integers(0, 9),
        "min": st.just(0),
        "max": st.sampled_from([10, 10.5]),
    },
)
results = some(
    {},
    {
        "score": scores,
        "success": st.booleans(),
        "completion": st.booleans(),
        "response": texts,
        "duration": durations,
        "extensions": extensions,
    },
)
context_activities = st.dictionaries(
    st.sampled_from(["parent", "grouping", "category", "other"]),
    activities | st.lists(activities, max_size=2),
    max_size=2,
)
CONTEXT = {
    "registration": uuids,
    "instructor": actors,
    "team": groups,
    "contextActivities": context_activities,
    "language": tags,
    "statement": references,
    "extensions": extensions,
}
ABOUT_ACTIVITY = {"revision": texts, "platform": texts}
VERB = some({"id": iris}, {"display": language_maps})
attachments = st.lists(
    some(
        {
            "usageType": iris,
            "display": language_maps,
            "contentType": st.sampled_from(["text/plain", "text/plain; charset=utf-8"]),
            "length": st.integers(0, 2**40),
            "sha2": st.sampled_from(["a" * 64, "B" * 128]),
            "fileUrl": iris,
        },
        {"description": language_maps},
    ),
    max_size=2,
)


def bodies(target: st.SearchStrategy[Json], context: dict[str, Any]) -> st.SearchStrategy[Json]:
    return some(
        {"actor": actors, "verb": VERB, "object": target},
        {
            "result": results,
            "context": some({}, context),
            "timestamp": timestamps,
            "attachments": attachments,
        },
    )


plain = bodies(activities, CONTEXT | ABOUT_ACTIVITY) | bodies(parties | references, CONTEXT)
nested = bodies(plain.map(lambda body: body | {"objectType": "SubStatement"}), CONTEXT)
statements = st.builds(
    lambda body, more: body | more,
    plain | nested,
    some({"id": uuids}, {"version": st.sampled_from(["1.0", "1.0.3"])}),
)
"""Whatever a client of 1.0.3 may say."""
