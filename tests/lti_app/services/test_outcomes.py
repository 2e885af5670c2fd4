"""The funnel: statements, grade and passback row in one transaction."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from database.session import transaction
from lti_app.models.grade import Grade, GradeChange, Passback
from lti_app.models.user import User
from lti_app.services import grade_ledger, outcomes
from lti_app.services import statements as service
from scorm_runtime.core.outcome import Interaction
from tests.lti_app.learner import APP_URL, Learner
from xapi_lrs.models.statement import Statement

pytestmark = pytest.mark.usefixtures("doors")

ANSWER = Interaction(
    index=0,
    id="q1",
    type="choice",
    description="",
    learner_response="a,b",
    correct_responses=("a,b",),
    result="correct",
    weighting=1.0,
    latency_seconds=12.5,
    timestamp="10:00:00",
    sco="item_1",
)


def record(learner, **changes):
    with transaction(learner.tenant) as session:
        return outcomes.record_outcome(
            session, learner.outcome(**changes), now=datetime.now(UTC), app_url=APP_URL
        )


def statements(learner) -> list[dict]:
    with transaction(learner.tenant) as session:
        rows = session.scalars(select(Statement).order_by(Statement.sequence))
        return [json.loads(row.body) for row in rows]


def test_each_event_becomes_a_statement_of_the_scorm_profile(learner):
    """ADL SCORM profile 3.2"""
    recorded = record(learner, events=("initialized", "completed", "passed", "scored"))
    assert len(recorded.statement_ids) == 4
    made = statements(learner)
    assert [one["verb"]["id"].rpartition("/")[2] for one in made] == [
        "initialized",
        "completed",
        "passed",
        "scored",
    ]
    for one in made:
        account = one["actor"]["account"]
        assert account == {"homePage": learner.platform.issuer, "name": "stan"}
        assert one["object"]["id"] == f"{APP_URL}/packages/demo"
        context = one["context"]
        assert context["registration"] == str(learner.token.attempt_id)
        category = [activity["id"] for activity in context["contextActivities"]["category"]]
        assert category == ["https://w3id.org/xapi/scorm"]
    passed = made[2]["result"]
    assert passed["success"] is True
    assert passed["score"] == {"scaled": 0.8, "raw": 80, "min": 0, "max": 100}


def test_answers_become_statements_about_interactions(learner):
    record(learner, events=(), interactions=(ANSWER,))
    [one] = statements(learner)
    assert one["object"]["id"] == f"{APP_URL}/packages/demo/item_1/interactions/q1"
    assert one["result"]["response"] == "a[,]b"
    assert one["result"]["success"] is True


def test_the_same_commit_again_is_a_no_op(learner):
    """A commit is applied once; a repeat of the funnel changes nothing either."""
    outcome = learner.outcome()
    for _ in range(2):
        with transaction(learner.tenant) as session:
            outcomes.record_outcome(session, outcome, now=datetime.now(UTC), app_url=APP_URL)
    assert len(statements(learner)) == 3
    with transaction(learner.tenant) as session:
        assert session.scalar(select(func.count()).select_from(Grade)) == 1
        assert session.scalar(select(func.count()).select_from(GradeChange)) == 1
        assert session.scalar(select(func.count()).select_from(Passback)) == 1


def test_a_statement_that_the_store_refuses_does_not_cost_the_commit(learner, monkeypatch):
    build = service.build_statements

    def odd(*args):
        bodies = build(*args)
        bodies[0]["verb"] = {"id": "no iri"}
        return bodies

    monkeypatch.setattr(service, "build_statements", odd)
    recorded = record(learner)
    assert len(recorded.statement_ids) == 2
    assert recorded.passback_id is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "q 1/ä?#"},
        {"type": "", "correct_responses": ()},
        {"type": "matching", "learner_response": "1.a,2.b"},
        {"learner_response": "", "latency_seconds": None, "result": "0.5"},
        {"description": "Was? " * 500, "result": ""},
        {"correct_responses": ("", "x" * 5000)},
        {"id": "urn:x:y", "sco": ""},
    ],
)
def test_odd_interactions_are_taken_by_the_store(learner, changes):
    recorded = record(learner, events=(), interactions=(replace(ANSWER, **changes),))
    assert len(recorded.statement_ids) == 1


def test_a_review_leaves_no_trace(learner):
    recorded = record(learner, mode="review")
    assert recorded == outcomes.Recorded()
    assert statements(learner) == []


def test_every_value_a_grade_has_had_is_kept(learner):
    record(learner, completion="incomplete", success="unknown", score_scaled=None, score_raw=None)
    record(learner, score_scaled=0.5, success="failed")
    record(learner, score_scaled=0.9)
    with transaction(learner.tenant) as session:
        [entry] = grade_ledger.list_recent(session)
        ledger = grade_ledger.get_ledger(session, entry.grade.id)
    assert [(one.is_final, one.score) for one in ledger.changes] == [
        (False, None),
        (True, 0.5),
        (True, 0.9),
    ]
    assert entry.grade.score == 0.9
    assert [row.state for row, _ in ledger.sendings] == ["superseded", "waiting"]


def test_on_the_portal_there_is_a_grade_and_no_sending(tenant, learner):
    with transaction(tenant) as session:
        user = User(display_name="Ada", email="ada@school.test")
        session.add(user)
        session.flush()
    package = uuid4()
    recorded = record(
        learner, user_id=user.id, context_key="portal", launch_ref="portal", package_id=package
    )
    assert recorded.passback_id is None
    assert recorded.grade_id is not None
    assert statements(learner)[0]["actor"]["account"] == {
        "homePage": APP_URL,
        "name": str(user.id),
    }


def test_two_packages_on_the_portal_have_two_grades_and_one_link_has_one(tenant, learner):
    portal = {"context_key": "portal", "launch_ref": "portal"}
    ids = {record(learner, **portal, package_id=uuid4()).grade_id for _ in range(2)}
    assert len(ids) == 2
    ids = {record(learner, package_id=uuid4()).grade_id for _ in range(2)}
    assert len(ids) == 1


def test_a_roll_back_leaves_nothing_and_asks_for_nothing(learner, doors):
    with suppress(_Undone), transaction(learner.tenant) as session:
        outcomes.record_outcome(session, learner.outcome(), now=datetime.now(UTC), app_url=APP_URL)
        raise _Undone
    assert doors == []
    assert statements(learner) == []


class _Undone(Exception):
    pass


def test_lists_are_filtered_by_the_state_of_the_newest_sending(browser, platform):
    stan, sara = Learner(browser), Learner(browser, sub="sara", email=None)
    stan.send(stan.finish())
    sara.finish()
    with transaction(stan.tenant) as session:
        sent = grade_ledger.list_recent(session, state="sent")
        waiting = grade_ledger.list_recent(session, state="waiting")
        everyone = grade_ledger.list_recent(session)
    assert [entry.user.id for entry in sent] == [stan.token.user_id]
    assert [entry.user.id for entry in waiting] == [sara.token.user_id]
    assert len(everyone) == 2
    assert sent[0].registration.issuer == platform.issuer
