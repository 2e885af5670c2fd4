"""A statement as a row of a spreadsheet."""

import csv
import io

import pytest

from tests.xapi_lrs.core.test_statement import FULL
from xapi_lrs.core.table_rows import COLUMNS, Reading, statement_cells, write_rows

COURSE = "https://example.com/course/1"


def statement(**changes):
    body = {
        "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
        "actor": {"mbox": "mailto:ada@example.com", "name": "Ada"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en": "passed"}},
        "object": {"id": COURSE, "definition": {"name": {"en": "Course", "de": "Kurs"}}},
        "stored": "2026-11-21T12:00:00.000Z",
        "timestamp": "2026-11-21T11:00:00Z",
        "authority": {"account": {"homePage": "https://lrs.example", "name": "key"}},
    }
    return body | changes


def row(body, reading=None):
    text = write_rows([statement_cells(body, reading or Reading())])
    return dict(zip(COLUMNS, next(csv.reader(io.StringIO(text))), strict=True))


def test_the_usual_columns_are_filled():
    result = {"score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}, "success": True}
    registration = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
    context = {"registration": registration, "contextActivities": {"parent": {"id": "urn:p"}}}
    cells = row(statement(result=result, context=context))
    assert {name: value for name, value in cells.items() if value} == {
        "stored": "2026-11-21T12:00:00.000Z",
        "timestamp": "2026-11-21T11:00:00Z",
        "statement_id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
        "actor_name": "Ada",
        "actor": "mailto:ada@example.com",
        "verb": "http://adlnet.gov/expapi/verbs/passed",
        "verb_display": "passed",
        "object_type": "Activity",
        "object_id": COURSE,
        "object_name": "Course",
        "success": "true",
        "score_scaled": "0.5",
        "score_raw": "5",
        "score_min": "0",
        "score_max": "10",
        "registration": registration,
        "parent": "urn:p",
        "authority": "https://lrs.example key",
    }


def test_every_kind_of_statement_has_a_row():
    group = {
        "objectType": "Group",
        "member": [{"openid": "https://a.example"}, {"mbox": "mailto:b@c"}],
    }
    bodies = [
        statement(object={"objectType": "StatementRef", "id": statement()["id"]}),
        statement(object={"objectType": "Agent", "name": "Bob", "mbox": "mailto:bob@example.com"}),
        statement(object=statement(objectType="SubStatement")),
        statement(actor=group),
        FULL,
    ]
    cells = [row(body) for body in bodies]
    assert [one["object_id"] for one in cells[:2]] == [statement()["id"], "mailto:bob@example.com"]
    assert cells[1]["object_name"] == "Bob"
    assert cells[2]["object_type"] == "SubStatement"
    assert cells[3]["actor"] == "https://a.example; mailto:b@c"


def test_names_come_in_the_wanted_language_or_from_what_the_store_knows():
    assert row(statement(), Reading(languages=("fr", "DE")))["object_name"] == "Kurs"
    bare = statement(object={"id": COURSE})
    known = {COURSE: {"name": {"fr-CA": "Cours"}}}
    assert row(bare, Reading(known, ("fr",)))["object_name"] == "Cours"
    assert row(bare)["object_name"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(start):
    """=HYPERLINK(…) from a learner must not run at the teacher's."""
    evil = f"{start}HYPERLINK(1)"
    cells = row(statement(result={"response": evil}, actor={"mbox": "mailto:a@b.c", "name": evil}))
    assert (cells["response"], cells["actor_name"]) == (f"'{evil}", f"'{evil}")


def test_a_negative_score_stays_a_number():
    cells = row(statement(result={"score": {"scaled": -0.5}, "response": "-0.5"}))
    assert (cells["score_scaled"], cells["response"]) == ("-0.5", "'-0.5")


def test_quotes_commas_and_line_ends_stay_in_their_cell():
    text = 'say "a, b"\r\nand c'
    assert row(statement(result={"response": text}))["response"] == text
