"""The learner's pages of a quiz: taken, saved, handed in."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from content.models.quiz_attempt import QuizAttempt
from content.services.quiz_journal import list_journal
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.jobs import quizzes as job
from lti_app.models.grade import Grade
from tests.content.core.quiz.questions import ESSAY, ONE, TRUTH, option, piece, question
from tests.content.quiz_world import RIGHT
from tests.lti_app.conftest import Portal
from tests.lti_app.quiz_taking import Taking, stock
from xapi_lrs.models.statement import Statement


@pytest.fixture
def learner(portal: Portal) -> Portal:
    portal.user = portal.sign_in_as(Role.LEARNER)
    return portal


def test_a_learner_takes_a_quiz_of_every_kind_and_sees_the_result(learner):
    taking = Taking(learner, stock(learner))
    taking.begin()
    for slot, kind in taking.kinds().items():
        assert taking.answer(slot, RIGHT[kind]) == {
            "acknowledged": slot,
            "refused": [],
            "seconds_left": None,
            "is_over": False,
        }
    page = taking.submit()
    assert "7 of 17 points" in page
    assert "Waits for your teacher" in page


def test_answers_stand_in_the_page_when_it_is_opened_again(learner):
    """PAIN-02"""
    taking = Taking(learner, stock(learner, [TRUTH, ESSAY]))
    taking.begin()
    taking.answer(1, True)
    taking.answer(2, "Because & <so>.")
    page = taking.show()
    assert re.search(r'value="true" checked', page)
    assert "Because &amp; &lt;so&gt;." in page
    assert taking.writer == 2


def test_a_grade_and_statements_come_of_it(learner):
    taking = Taking(learner, stock(learner, [TRUTH, ONE]))
    taking.begin()
    taking.answer(1, True)
    taking.submit()
    with transaction(learner.tenant) as session:
        grade = session.scalars(select(Grade)).one()
        verbs = [
            body["verb"]["display"]["en-US"]
            for body in (json.loads(row.body) for row in session.scalars(select(Statement)))
        ]
    assert (grade.item_type, grade.score, grade.is_final) == ("quiz", 0.5, True)
    assert sorted(verbs) == sorted(
        ["initialized", "answered", "completed", "passed", "scored", "terminated"]
    )


def test_an_essay_leaves_the_grade_open(learner):
    taking = Taking(learner, stock(learner, [ESSAY]))
    taking.begin()
    taking.answer(1, "Because.")
    taking.submit()
    with transaction(learner.tenant) as session:
        grade = session.scalars(select(Grade)).one()
    assert (grade.is_final, grade.is_pending_manual) == (False, True)


def test_what_expired_is_handed_in_by_the_sweep_with_what_was_acknowledged(learner):
    taking = Taking(learner, stock(learner, [TRUTH], time_limit_minutes=5))
    taking.begin()
    taking.answer(1, True)
    past = datetime.now(UTC) - timedelta(minutes=10)
    with transaction(learner.tenant) as session:
        session.execute(update(QuizAttempt).values(due_at=past))
    assert job.sweep(learner.tenant, datetime.now(UTC)) == 1
    assert job.sweep(learner.tenant, datetime.now(UTC)) == 0
    assert taking.answer(1, False)["is_over"] is True
    assert "The time was over" in learner.get(taking.page).text
    with transaction(learner.tenant) as session:
        assert session.scalars(select(QuizAttempt)).one().points == 1


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"{}", b'{"writer": 1}', b'{"writer": true, "entries": []}'),
        b'{"writer": 1, "entries": [[1]]}',
    ],
)
def test_what_is_no_journal_is_answered_with_400(learner, body):
    taking = Taking(learner, stock(learner, [TRUTH]))
    taking.begin()
    path = f"{taking.page}/entries"
    assert learner._open("POST", path, data=body).status_code == 400


def test_another_learners_address_opens_nothing(learner, app):
    taking = Taking(learner, stock(learner, [TRUTH]))
    taking.begin()
    other = Portal(app, app.test_client(), learner.tenant, learner.origin)
    assert other.get(taking.page).status_code == 401
    other.add(Role.LEARNER, "bob@school.test", "Bob Bee")
    other.sign_in("bob@school.test")
    assert other.get(taking.page).status_code == 401
    mine = Taking(other, "all-kinds")
    foreign = f"/quizzes/at/{mine.token}/attempts/{taking.attempt_id}"
    assert other.get(foreign).status_code == 404
    assert (
        other._open("POST", f"{foreign}/entries", data=b'{"writer":1,"entries":[]}').status_code
        == 404
    )
    assert learner.get(taking.page[:-1] + "x").status_code == 404
    assert (
        learner.get(taking.start.replace(taking.token, taking.token[:-2] + "AA")).status_code == 404
    )


def test_a_draft_is_nowhere(learner):
    assert learner.get("/quizzes/nothing").status_code == 404


def test_texts_of_authors_bring_no_script(learner):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))"
    raw = {**ONE, "text": hostile, "options": [{**option("a", True), "text": hostile}, option("b")]}
    taking = Taking(learner, stock(learner, [raw]))
    page = taking.begin()
    assert "<script>alert" not in page
    assert not re.search(r"<[^>]+onerror", page)
    assert 'href="javascript' not in page


def test_every_kind_is_asked_with_its_own_fields(learner):
    page = Taking(learner, stock(learner)).begin()
    for kind in RIGHT:
        assert f'data-kind="{kind}"' in page
    assert question(ONE).kind == "choice_one"
    assert piece("x")["text"] == "Piece x"


def test_the_journals_second_place_is_the_players_own_module(learner):
    ours = learner.get("/quizzes/disk.js")
    assert (ours.status_code, ours.mimetype) == (200, "text/javascript")
    assert b"export function openDisk" in ours.data


def test_a_form_of_an_old_page_undoes_nothing_and_counts_each_time_it_is_sent(learner):
    """Without JavaScript: the back button, a second window, the same page sent twice."""
    taking = Taking(learner, stock(learner, [ESSAY, TRUTH], is_shuffled=False))
    old = taking.begin()
    shown = dict(re.findall(r'name="(was[.]q[0-9]+)" value="([0-9a-f]+)"', old))
    path = f"/quizzes/at/{taking.token}/attempts/{taking.attempt_id}/answers"
    for text in ("First.", "Second."):
        assert learner.post(path, data=shown | {"q1": text}).status_code == 303
    taking.show()
    taking.answer(2, True)
    learner.post(path, data=shown | {"q1": "Third."})
    page = taking.show()
    assert "Third." in page
    assert re.search(r'value="true" checked', page)


def test_a_form_that_comes_too_late_is_kept_but_does_not_count(learner):
    taking = Taking(learner, stock(learner, [ESSAY]))
    shown = dict(re.findall(r'name="(was[.]q1)" value="([0-9a-f]+)"', taking.begin()))
    taking.submit()
    path = f"/quizzes/at/{taking.token}/attempts/{taking.attempt_id}"
    answer = learner.post(f"{path}/answers", data=shown | {"q1": "Late.", "then": "hand_in"})
    assert "hand-in" not in answer.headers["Location"]
    assert "Late." not in taking.show()
    with transaction(learner.tenant) as session:
        assert [(row.value, row.is_late) for row in list_journal(session, taking.attempt_id)] == [
            ("Late.", True)
        ]


def test_a_page_sent_as_a_form_refuses_by_question_and_a_foreign_address_opens_nothing(learner):
    taking = Taking(learner, stock(learner, [ESSAY]))
    shown = dict(re.findall(r'name="(was[.]q1)" value="([0-9a-f]+)"', taking.begin()))
    path = f"/quizzes/at/{taking.token}/attempts/{taking.attempt_id}"
    answer = learner.post(f"{path}/answers", data=shown | {"q1": "x" * 100_001})
    assert "refused=1" in answer.headers["Location"]
    assert "too long" in learner.get(answer.headers["Location"]).text
    other = path.replace(taking.token, taking.token[:-2] + "xx")
    assert learner.post(f"{other}/answers", data=shown).status_code == 404
    assert learner.get(f"{path}/hand-in").status_code == 200
