"""Reports of a package: figures, the matrix, scores, answers."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert

from database.session import transaction
from lti_app.models.user import User
from scorm_runtime.models.attempt import Attempt, AttemptSco
from scorm_runtime.models.attempt_report import AttemptInteraction
from scorm_runtime.models.package import Package
from scorm_runtime.services import reports
from scorm_runtime.services.answer_reports import list_interactions
from scorm_runtime.services.answers import record_answers
from scorm_runtime.services.attempts import open_attempt
from scorm_runtime.services.reports import (
    ReportFilter,
    count_scores,
    list_columns,
    list_places,
    read_matrix,
    stream_matrix,
    summarize,
)
from tests.scorm_runtime.playing import NOW, make_item, make_package, make_user
from tests.scorm_runtime.window import Window


def fill(tenant, package, count, **values):
    """`count` attempts of as many learners, with a SCO each and spread scores."""
    usual = {"context_key": "portal", "state": "ended", "completion": "completed"}
    with transaction(tenant) as session:
        version = session.get_one(Package, package).current_version_id
        users = [{"id": uuid4(), "display_name": f"Learner {n}"} for n in range(count)]
        session.execute(insert(User), users)
        attempts = [
            {
                "id": uuid4(),
                "user_id": user["id"],
                "package_id": package,
                "package_version_id": version,
                "number": 1,
                "score_scaled": (n % 10) / 10 + 0.05,
                "total_seconds": 60.0 * (n % 5),
                "last_active_at": NOW,
                **usual,
                **values,
            }
            for n, user in enumerate(users)
        ]
        session.execute(insert(Attempt), attempts)
        scos = [{"attempt_id": a["id"], "item": "I1", "completion": "completed"} for a in attempts]
        session.execute(insert(AttemptSco), scos)
    return [one["id"] for one in attempts]


@pytest.fixture
def package(tenant):
    return make_package(tenant, make_item("I1"), make_item("I2"))


def answers(tenant, attempts, *results, name="q1"):
    with transaction(tenant) as session:
        rows = [
            {
                "attempt_id": attempt,
                "item": "I1",
                "position": 0,
                "name": name,
                "kind": "choice",
                "response": result[:1],
                "result": result,
            }
            for attempt, result in zip(attempts, results * len(attempts), strict=False)
        ]
        session.execute(insert(AttemptInteraction), rows)


def test_the_figures_count_what_was_begun_and_not_set_aside(tenant, package):
    fill(tenant, package, 10, success="passed")
    fill(tenant, package, 2, state="new")
    fill(tenant, package, 3, mode="review")
    with transaction(tenant) as session:
        found = summarize(session, ReportFilter(package))
    assert (found.attempts, found.learners, found.completed, found.passed) == (10, 10, 10, 10)
    assert found.mean_score == pytest.approx(0.5)
    assert found.median_seconds == 120


def test_a_package_without_attempts_has_figures_too(tenant, package):
    with transaction(tenant) as session:
        found = summarize(session, ReportFilter(package))
        assert (found.attempts, found.mean_score, found.median_seconds) == (0, None, 0)
        assert count_scores(session, ReportFilter(package)) == [0] * 10


def test_scores_are_spread_over_ten_parts_their_ends_included(tenant, package):
    fill(tenant, package, 20)
    fill(tenant, package, 1, score_scaled=1.0)
    fill(tenant, package, 1, score_scaled=-0.5)
    with transaction(tenant) as session:
        assert count_scores(session, ReportFilter(package)) == [3, *[2] * 8, 3]


def test_the_matrix_is_paged_without_gap_or_repetition(tenant, package):
    made = fill(tenant, package, 7)
    wanted, seen, cursor = ReportFilter(package), [], None
    with transaction(tenant) as session:
        while True:
            page = read_matrix(session, wanted, before=cursor, limit=3)
            seen += [row.attempt.id for row in page.rows]
            cursor = page.cursor
            if cursor is None:
                break
        assert seen == sorted(made, reverse=True)
        assert page.rows[0].scos["I1"].completion == "completed"


def test_the_stream_has_what_the_pages_have(tenant, package, monkeypatch):
    made = fill(tenant, package, 7)
    monkeypatch.setattr(reports, "_CHUNK", 3)
    with transaction(tenant) as session:
        streamed = [row.attempt.id for row in stream_matrix(session, ReportFilter(package))]
    assert streamed == sorted(made, reverse=True)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"context_key": "portal"}, 2),
        ({"since": NOW + timedelta(hours=1)}, 1),
        ({"until": NOW + timedelta(hours=1)}, 3),
        ({"version_id": uuid4()}, 0),
    ],
)
def test_a_report_can_be_narrowed_by_place_date_and_version(tenant, package, wanted, count):
    fill(tenant, package, 2)
    fill(tenant, package, 1, context_key="link:x")
    fill(tenant, package, 1, context_key="link:x", last_active_at=NOW + timedelta(days=1))
    with transaction(tenant) as session:
        assert summarize(session, ReportFilter(package, **wanted)).attempts == count
        assert list_places(session, package) == [("link:x", 2), ("portal", 2)]


def test_columns_are_the_parts_of_the_version(tenant, package):
    with transaction(tenant) as session:
        assert [one.identifier for one in list_columns(session, ReportFilter(package))] == [
            "I1",
            "I2",
        ]


def test_interactions_have_their_rate_and_their_answers(tenant, package):
    answers(tenant, fill(tenant, package, 4), "correct", "wrong", "correct", "neutral")
    with transaction(tenant) as session:
        (found,) = list_interactions(session, ReportFilter(package))
    assert (found.name, found.answers, found.correct, found.wrong) == ("q1", 4, 2, 1)
    assert found.rate == pytest.approx(2 / 3)
    assert (found.responses[0].text, found.responses[0].count) == ("c", 2)
    assert found.others == 0


def test_what_a_commit_records_of_an_interaction_can_be_counted(tenant, package):
    """The last word on an interaction counts once, however often it was sent."""
    with transaction(tenant) as session:
        attempt = open_attempt(
            session, package_id=package, user_id=make_user(tenant), context_key="portal", now=NOW
        ).id
    window = Window(tenant, attempt).call("initialize")
    for response, result in (("a", "wrong"), ("b", "correct")):
        window.set("cmi.interactions.0.id", "q1").set("cmi.interactions.0.type", "choice")
        window.set("cmi.interactions.0.student_response", response)
        outcome = window.set("cmi.interactions.0.result", result).send().outcome
        with transaction(tenant) as session:
            record_answers(session, outcome)
    with transaction(tenant) as session:
        (found,) = list_interactions(session, ReportFilter(package))
    assert [(one.text, one.result, one.count) for one in found.responses] == [("b", "correct", 1)]


def test_another_tenant_reports_nothing(tenant, other_tenant, package):
    answers(tenant, fill(tenant, package, 2), "correct")
    with transaction(other_tenant) as session:
        wanted = ReportFilter(package)
        assert summarize(session, wanted).attempts == 0
        assert read_matrix(session, wanted).rows == ()
        assert list_interactions(session, wanted) == []
