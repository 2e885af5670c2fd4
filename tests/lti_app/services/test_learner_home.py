"""A learner's first page: what is due, what was used last, told once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from content.core.outcome import UnitResult
from content.services.progress import record_unit_result
from content.services.quiz_marking import submit_attempt
from database.session import transaction
from lti_app.models.user import User
from lti_app.services import learner_home
from tests.content.core.quiz.questions import TRUTH
from tests.content.courses import NOW, document, enrol, publish, unit
from tests.content.quiz_world import begin, make_quiz


@pytest.fixture
def learner(tenant) -> UUID:
    with transaction(tenant) as session:
        user = User(display_name="Ada", email="ada@school.test", locale="en")
        session.add(user)
        session.flush()
        return user.id


def enrolled(tenant, learner, *units, **course):
    with transaction(tenant) as session:
        return enrol(session, publish(session, document(*units, **course)), learner).id


def test_what_is_due_comes_by_date_and_what_is_done_is_left_out(tenant, learner):
    """Nobody looks for a date in three courses."""
    done = unit(title="Done", due={"days": 1})
    soon, later = unit(title="Soon", due={"days": 2}), unit(title="Later", due={"days": 40})
    enrolment = enrolled(tenant, learner, later, done, soon)
    with transaction(tenant) as session:
        result = UnitResult("completed")
        record_unit_result(session, enrolment, UUID(done["id"]), result, NOW)
        home = learner_home.build_home(session, learner, NOW + timedelta(hours=1))
    assert [due.title for due in home.due] == ["Soon"]
    assert [entry.title for entry in home.open_entries] == ["House plants"]


def test_what_is_overdue_is_shown(tenant, learner):
    enrolled(tenant, learner, unit(title="Late", due={"days": 1}))
    with transaction(tenant) as session:
        home = learner_home.build_home(session, learner, datetime(2027, 1, 1, tzinfo=UTC))
    assert home.due[0].is_overdue


def test_a_quiz_stands_among_what_is_open_due_and_finished(tenant, learner):
    """Who looks for what to go on with does not look under its kind."""
    enrolled(tenant, learner, unit(due={"days": 2}))
    with transaction(tenant) as session:
        running = make_quiz(session, [TRUTH], title="Puddles", time_limit_minutes=60)
        begin(session, running, learner, NOW + timedelta(hours=1))
        done = begin(session, make_quiz(session, [TRUTH], title="Rain"), learner, NOW)
        submit_attempt(session, done.id, NOW + timedelta(minutes=3))
        home = learner_home.build_home(session, learner, NOW + timedelta(hours=1))
    assert [entry.title for entry in home.open_entries] == ["Puddles", "House plants"]
    assert [(entry.title, entry.seconds) for entry in home.finished_entries] == [("Rain", 180)]
    assert [due.course.path for due in home.due][:1] == ["/quizzes/puddles"]
    assert len(home.due) == 2


def test_who_learns_little_is_shown_what_there_is_else(tenant, learner):
    """A first page with one thing on it leads nowhere."""
    enrolled(tenant, learner, unit())
    with transaction(tenant) as session:
        other = publish(session, document(unit(), title="Bread"))
        hidden = publish(session, document(unit(), title="By invitation"))
        hidden.enrolment_mode = "closed"
        session.flush()
        home = learner_home.build_home(session, learner, NOW)
        assert home.suggestions == [other]
