"""Courses in the catalogue, and what is done in them in the record store."""

import json

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.permissions import Role
from tests.content.courses import document, unit
from tests.lti_app.conftest import Portal
from tests.lti_app.course_pages import add_course, go_in
from xapi_lrs.models.statement import Statement


@pytest.fixture
def learner(portal: Portal) -> Portal:
    portal.sign_in_as(Role.LEARNER)
    return portal


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=pot", True),
        ("q=plants+house", True),
        ("q=succul", True),
        ("q=motor", False),
        ("tag=green", True),
        ("tag=red", False),
        ("language=en&difficulty=beginner", True),
        ("difficulty=advanced", False),
        ("kind=package", False),
        ("q=%00%27%22%3Cscript%3E", False),
        ("category=nothing", False),
        ("q=%26+%7C+%21+%3A*+%28", False),
    ],
)
def test_the_catalogue_is_searched_and_narrowed(learner, query, found):
    add_course(
        learner,
        document(
            unit(title="Pots"),
            summary="Succulents and their pots",
            tags=["green"],
            difficulty="beginner",
        ),
    )
    answer = learner.get(f"/catalogue?{query}")
    assert answer.status_code == 200
    assert ("/courses/house-plants" in answer.text) == found


def test_what_is_done_in_a_course_is_in_the_record_store(learner):
    """One report engine serves all content: verbs of ADL, the module and the course above."""
    one = unit(title="Light")
    go = go_in(learner, document(one))
    learner.get(f"{go}/units/{one['id']}")
    with transaction(learner.tenant) as session:
        bodies = [row.body for row in session.scalars(select(Statement))]
    bodies = [json.loads(one) if isinstance(one, str | bytes) else one for one in bodies]
    told = {
        (
            body["object"]["definition"]["type"].rpartition("/")[2],
            body["verb"]["id"].rpartition("/")[2],
        )
        for body in bodies
    }
    assert told >= {
        ("lesson", "initialized"),
        ("lesson", "completed"),
        ("course", "initialized"),
        ("course", "completed"),
    }
    lesson = next(b for b in bodies if b["object"]["definition"]["type"].endswith("lesson"))
    above = lesson["context"]["contextActivities"]
    assert above["parent"][0]["definition"]["type"].endswith("module")
    assert above["grouping"][0]["id"].endswith("/courses/house-plants")
