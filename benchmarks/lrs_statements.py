"""Statements for benchmarks: as cmi5 content sends them, about 1 kB each; and millions of them
made by the database itself."""

import random
from typing import Any
from uuid import UUID

import psycopg2

from benchmarks.lrs_server import Lrs
from xapi_lrs.core.references import activity_key, agent_key, verb_key

AGENTS, VERBS, COURSES, PROGRAMS = 1000, 10, 500, 20
PER_REGISTRATION = 20


def agent(number: int) -> dict[str, Any]:
    account = {"homePage": "https://lms.example.com", "name": f"learner-{number}"}
    return {"objectType": "Agent", "name": f"Learner {number}", "account": account}


def verb(number: int) -> str:
    return f"https://example.com/verbs/{number}"


def course(number: int) -> str:
    return f"https://example.com/courses/{number}"


def program(number: int) -> str:
    return f"https://example.com/programs/{number}"


def make_statement(chance: random.Random) -> dict[str, Any]:
    number = chance.randrange(COURSES)
    definition = {
        "type": "http://adlnet.gov/expapi/activities/course",
        "name": {"en-US": f"Course {number}"},
        "description": {"en-US": f"What everybody should know about subject {number}."},
    }
    return {
        "id": str(UUID(int=chance.getrandbits(128), version=4)),
        "actor": agent(chance.randrange(AGENTS)),
        "verb": {"id": verb(chance.randrange(VERBS)), "display": {"en-US": "did"}},
        "object": {"objectType": "Activity", "id": course(number), "definition": definition},
        "result": {
            "score": {"scaled": 0.85, "raw": 85, "min": 0, "max": 100},
            "success": True,
            "completion": True,
            "duration": "PT1H2M3.45S",
        },
        "context": {
            "registration": str(UUID(int=chance.getrandbits(128), version=4)),
            "contextActivities": {
                "grouping": [{"id": program(number % PROGRAMS)}],
                "category": [{"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}],
            },
            "extensions": {"https://w3id.org/xapi/cmi5/context/extensions/sessionid": "b5a2"},
        },
        "timestamp": "2026-11-22T10:00:00.123Z",
    }


_INDEXES = ("verb", "actor", "activity", "authority", "registration", "target")

_STATEMENTS = """
INSERT INTO statement (store_id, sequence, statement_id, stored, timestamp, verb_key, registration,
    authority_key, actor_key, activity_key, verb_iri, activity_iri, version, body)
SELECT %(store)s, (1763800000000 + n) << 20, id, stored, stored, verb.key, registration,
    %(authority)s, actor.key, course.key, verb.iri, course.iri, '1.0.3',
    format('{"id":"%%s","actor":{"account":{"homePage":"https://lms.example.com","name":"learner-%%s"}'
        '},"verb":{"id":"%%s","display":{"en-US":"did"}},"object":{"id":"%%s","definition":{"name":'
        '{"en-US":"Course %%s"},"type":"http://adlnet.gov/expapi/activities/course"}},"context":'
        '{"registration":"%%s","contextActivities":{"grouping":[{"id":"%%s"}]}},"result":{"score":'
        '{"scaled":0.85,"raw":85,"min":0,"max":100},"success":true,"completion":true}}',
        id, actor.number, verb.iri, course.iri, course.number, registration, program.iri)
FROM (
    SELECT n, gen_random_uuid() AS id, to_timestamp(1763800000 + n / 1000.0) AS stored,
        md5('registration ' || n / %(per)s)::uuid AS registration,
        hashint8(n) & 2147483647 AS a, hashint8(n + 1000000007) & 2147483647 AS b,
        hashint8(n + 2000000011) & 2147483647 AS c
    FROM generate_series(%(first)s, %(last)s) n
) made
JOIN pool actor ON actor.kind = 'agent' AND actor.number = a %% %(agents)s
JOIN pool verb ON verb.kind = 'verb' AND verb.number = b %% %(verbs)s
JOIN pool course ON course.kind = 'course' AND course.number = c %% %(courses)s
JOIN pool program ON program.kind = 'program' AND program.number = course.number %% %(programs)s
ORDER BY n
"""
_REFERENCES = """
INSERT INTO statement_reference (store_id, key, role, sequence, source)
SELECT s.store_id, program.key, 0, s.sequence, s.sequence
FROM statement s
JOIN pool course ON course.kind = 'course' AND course.key = s.activity_key
JOIN pool program ON program.kind = 'program' AND program.number = course.number %% %(programs)s
WHERE s.store_id = %(store)s
"""
STEP = 250_000


def fill(lrs: Lrs, count: int) -> None:
    """`count` statements, unless they are there; indexes built afterwards, analysed."""
    with psycopg2.connect(lrs.owner_dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lectern.tenant', %s, false)", (str(lrs.tenant_id),))
        cursor.execute("SELECT EXISTS (SELECT FROM statement)")
        if cursor.fetchone()[0]:
            return
        cursor.execute("SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")
        definitions = []
        for name in _INDEXES:
            cursor.execute("SELECT pg_get_indexdef(%s::regclass)", (f"ix_statement_{name}",))
            definitions.append(cursor.fetchone()[0])
            cursor.execute(f"DROP INDEX ix_statement_{name}")
        _fill_pool(cursor)
        parameters = {
            "store": str(lrs.store_id),
            "authority": _authority(cursor, lrs),
            "agents": AGENTS,
            "verbs": VERBS,
            "courses": COURSES,
            "programs": PROGRAMS,
            "per": PER_REGISTRATION,
        }
        for first in range(1, count + 1, STEP):
            last = min(first + STEP - 1, count)
            cursor.execute(_STATEMENTS, parameters | {"first": first, "last": last})
        cursor.execute(_REFERENCES, parameters)
        for definition in definitions:
            cursor.execute(definition)
    connection = psycopg2.connect(lrs.owner_dsn)
    connection.autocommit = True
    connection.cursor().execute("VACUUM ANALYZE statement, statement_reference")
    connection.close()


def _fill_pool(cursor: Any) -> None:
    cursor.execute("CREATE TEMP TABLE pool (kind text, number int, key uuid, iri text)")
    home = "account https://lms.example.com learner-"
    rows = [("agent", n, str(agent_key(f"{home}{n}")), "") for n in range(AGENTS)]
    rows += [("verb", n, str(verb_key(verb(n))), verb(n)) for n in range(VERBS)]
    rows += [("course", n, str(activity_key(course(n))), course(n)) for n in range(COURSES)]
    rows += [("program", n, str(activity_key(program(n))), program(n)) for n in range(PROGRAMS)]
    cursor.executemany("INSERT INTO pool VALUES (%s, %s, %s, %s)", rows)
    cursor.execute("CREATE INDEX ON pool (kind, number); ANALYZE pool")


def _authority(cursor: Any, lrs: Lrs) -> str:
    key = str(UUID(int=1))
    cursor.execute(
        "INSERT INTO statement_authority (store_id, key, body) VALUES (%s, %s, %s)",
        (str(lrs.store_id), key, '{"mbox":"mailto:bench@example.com"}'),
    )
    return key
