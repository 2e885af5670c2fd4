"""Courses on the database: drafts, versions, enrolments, progress, assignments."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from content.core.errors import CourseInvalid, CourseMissing, DraftConflict, NotAllowed
from content.core.outcome import UnitResult
from content.services import (
    course_settings,
    courses,
    drafts,
    enrolments,
    invitations,
    progress,
    standings,
    submissions,
)
from database.session import transaction
from lti_app.services.users import create_user
from tests.content.courses import NOW, document, enrol, publish, unit

PASSED = UnitResult("completed", "passed", 0.8, seconds=30)


@pytest.fixture
def people(session):
    return [
        create_user(
            session, email=f"p{n}@school.test", password=None, given_name="P", family_name=str(n)
        ).id
        for n in range(3)
    ]


def save(session, course, made, revision, by=None):
    return drafts.save_draft(session, course.id, made, revision=revision, changed_by=by, now=NOW)


def test_who_saves_second_learns_who_was_first_and_nothing_is_overwritten(session, people):
    course = courses.create_course(session, title="Plants", created_by=people[0], now=NOW)
    save(session, course, document(unit(), title="Ada's"), 1, people[1])
    with pytest.raises(DraftConflict) as caught:
        save(session, course, document(unit(), title="Late"), 1, people[2])
    assert (caught.value.changed_by, caught.value.revision) == (people[1], 2)
    assert drafts.get_draft(session, course.id).document["title"] == "Ada's"


def test_a_repeated_save_is_no_conflict(session):
    """Autosave sends again when an answer was lost."""
    course = courses.create_course(session, title="Plants", created_by=None, now=NOW)
    made = document(unit())
    assert save(session, course, made, 1).revision == 2
    assert save(session, course, made, 1).revision == 2


def test_units_and_modules_are_moved(session):
    first, second = unit(title="First"), unit(title="Second")
    made = document(first, second)
    other = {"id": str(uuid4()), "title": "Other", "units": []}
    made["modules"].append(other)
    course = courses.create_course(session, title="P", created_by=None, now=NOW, document=made)
    draft = drafts.move_unit(
        session,
        course.id,
        UUID(first["id"]),
        module_id=UUID(other["id"]),
        position=0,
        revision=1,
        changed_by=None,
        now=NOW,
    )
    assert [[one["title"] for one in m["units"]] for m in draft.document["modules"]] == [
        ["Second"],
        ["First"],
    ]
    draft = drafts.move_module(
        session,
        course.id,
        UUID(other["id"]),
        position=0,
        revision=draft.revision,
        changed_by=None,
        now=NOW,
    )
    assert draft.document["modules"][0]["title"] == "Other"


def test_a_draft_with_problems_is_not_published_and_the_first_is_named(session):
    made = document(unit("quiz", quiz=None))
    course = courses.create_course(session, title="P", created_by=None, now=NOW, document=made)
    with pytest.raises(CourseInvalid, match="no quiz is chosen"):
        courses.publish(session, course.id, published_by=None, now=NOW)


def test_learners_in_progress_keep_their_version_and_others_get_the_new_one(session, people):
    """PAIN-25"""
    old = unit(title="Old")
    course = publish(session, document(old))
    begun, waiting = (enrol(session, course, person) for person in people[:2])
    progress.record_view(session, begun.id, UUID(old["id"]), NOW)
    save(session, course, document(unit(title="New")), 1)
    assert courses.publish(session, course.id, published_by=None, now=NOW).moved == 1
    session.expire_all()
    assert standings.read_enrolled(begun).find_unit(UUID(old["id"])).title == "Old"
    assert [one.title for one in standings.read_enrolled(waiting).units()] == ["New"]


def test_a_key_is_made_from_the_title_and_taken_once(session):
    made = [
        courses.create_course(session, title="Über Pflanzen!", created_by=None, now=NOW).key
        for _ in range(3)
    ]
    assert made == ["uber-pflanzen", "uber-pflanzen-2", "uber-pflanzen-3"]
    with pytest.raises(CourseInvalid):
        courses.create_course(session, title="x", key="Bad Key", created_by=None, now=NOW)


def test_courses_of_another_tenant_are_not_there(session, other_tenant):
    with transaction(other_tenant) as theirs:
        course = courses.create_course(theirs, title="Secret", created_by=None, now=NOW)
    with pytest.raises(CourseMissing):
        courses.get_course(session, course.id)


def test_a_course_is_completed_step_by_step_and_told_once(session, people):
    lesson, quiz = unit(), unit("quiz", completion={"rule": "passed"})
    course = publish(session, document(lesson, quiz, passing_score=0.6, certificate=True))
    enrolment = enrol(session, course, people[0])
    told = progress.record_view(session, enrolment.id, UUID(lesson["id"]), NOW)
    assert [(one.item_type, one.events) for one in told] == [
        ("lesson", ("initialized", "completed")),
        ("course", ("initialized", "progressed")),
    ]
    assert enrolment.status == "in_progress"
    told = progress.record_unit_result(session, enrolment.id, UUID(quiz["id"]), PASSED, NOW)
    assert told[0].events == ("completed", "passed", "scored")
    assert (told[0].score_scaled, told[0].certificate_course_id) == (0.8, course.id)
    assert (enrolment.status, enrolment.completed_at) == ("completed", NOW)
    again = progress.record_unit_result(session, enrolment.id, UUID(quiz["id"]), PASSED, NOW)
    assert again == []


def test_a_later_worse_try_takes_nothing_away_but_a_regrading_may_lower_the_score(session, people):
    quiz = unit("quiz", completion={"rule": "passed"})
    course = publish(session, document(quiz))
    enrolment = enrol(session, course, people[0])

    def report(result):
        return progress.record_unit_result(session, enrolment.id, UUID(quiz["id"]), result, NOW)

    report(PASSED)
    report(UnitResult("incomplete", "failed", 0.1, attempts=2))
    row = standings.find_unit_progress(session, enrolment.id, UUID(quiz["id"]))
    assert (row.completion, row.success, row.score_scaled) == ("completed", "passed", 0.8)
    assert row.attempts == 2
    report(UnitResult("completed", "failed", 0.3, is_authoritative=True))
    assert (row.success, row.score_scaled, enrolment.status) == ("failed", 0.3, "completed")


def visit(session, enrolment, made, later, **values):
    return progress.record_visit(
        session,
        enrolment.id,
        UUID(made["id"]),
        NOW + timedelta(seconds=later),
        **{"visit": "v1"} | values,
    )


def test_time_is_counted_once_and_never_faster_than_the_clock(session, people):
    """Late, repeated and boasting reports. PAIN-03"""
    lesson = unit(completion={"rule": "time", "minutes": 2})
    enrolment = enrol(session, publish(session, document(lesson)), people[0])
    progress.record_view(session, enrolment.id, UUID(lesson["id"]), NOW, visit="v1")
    visit(session, enrolment, lesson, 60, seconds=50)
    visit(session, enrolment, lesson, 61, seconds=50)
    visit(session, enrolment, lesson, 62, seconds=20)
    row = standings.find_unit_progress(session, enrolment.id, UUID(lesson["id"]))
    assert row.seconds == 50
    visit(session, enrolment, lesson, 70, seconds=100_000)
    assert row.seconds == 70
    visit(session, enrolment, lesson, 80, seconds=80, visit="unknown")
    assert row.seconds == 70
    visit(session, enrolment, lesson, 130, seconds=125)
    assert enrolment.status == "completed"


def test_a_video_is_watched_when_its_parts_were_seen_in_whatever_order(session, people):
    film = unit(video={"file": str(uuid4())}, completion={"rule": "watched", "percent": 90})
    enrolment = enrol(session, publish(session, document(film)), people[0])
    progress.record_view(session, enrolment.id, UUID(film["id"]), NOW, visit="v1")
    visit(session, enrolment, film, 60, seconds=50, watched=[[40, 90]], video_seconds=100)
    row = standings.find_unit_progress(session, enrolment.id, UUID(film["id"]))
    assert row.watched_fraction == 0.5
    visit(session, enrolment, film, 61, seconds=50, watched=[[40, 90]], video_seconds=100)
    assert row.watched_fraction == 0.5
    visit(session, enrolment, film, 100, seconds=90, watched=[[0, 41]], video_seconds=100)
    assert (row.watched_fraction, enrolment.status) == (0.9, "completed")


def test_a_whole_film_in_one_second_is_not_believed(session, people):
    film = unit(video={"file": str(uuid4())}, completion={"rule": "watched", "percent": 90})
    enrolment = enrol(session, publish(session, document(film)), people[0])
    progress.record_view(session, enrolment.id, UUID(film["id"]), NOW, visit="v1")
    visit(session, enrolment, film, 1, seconds=1, watched=[[0, 3600]], video_seconds=3600)
    row = standings.find_unit_progress(session, enrolment.id, UUID(film["id"]))
    assert (row.watched_fraction, enrolment.status) == (0.0, "in_progress")


def test_who_left_comes_back_to_what_they_had_done(session, people):
    first, second = unit(), unit()
    course = publish(session, document(first, second))
    enrolment = enrol(session, course, people[0])
    progress.record_view(session, enrolment.id, UUID(first["id"]), NOW)
    enrolments.drop(session, enrolment.id, now=NOW)
    assert progress.record_view(session, enrolment.id, UUID(second["id"]), NOW) == []
    enrolments.enrol_by_oneself(session, course.id, people[0], now=NOW)
    assert (enrolment.status, enrolment.done) == ("in_progress", 1)
    told = progress.recompute(session, enrolment.id, NOW)
    assert "completed" in told[0].events
    assert (enrolment.status, enrolment.done) == ("completed", 2)


@pytest.mark.parametrize(
    ("mode", "status"), [("open", "enrolled"), ("approval", "requested"), ("closed", None)]
)
def test_enrolling_by_oneself_is_as_the_course_allows(session, people, mode, status):
    course = publish(session, document(unit()))
    course_settings.change_settings(session, course.id, enrolment_mode=mode)
    if status is None:
        with pytest.raises(NotAllowed, match="by themselves"):
            enrolments.enrol_by_oneself(session, course.id, people[0], now=NOW)
        return
    made = enrolments.enrol_by_oneself(session, course.id, people[0], now=NOW).enrolment
    assert made.status == status
    assert enrolments.accept_request(session, made.id, by=None, now=NOW) == (mode == "approval")


def test_what_comes_before_is_asked_for_and_never_goes_in_circles(session, people):
    lesson = unit()
    basics, more = (
        publish(session, document(lesson, title="Basics")),
        publish(session, document(unit(), title="More")),
    )
    course_settings.set_prerequisites(session, more.id, [basics.id])
    with pytest.raises(CourseInvalid, match="before itself"):
        course_settings.set_prerequisites(session, basics.id, [more.id])
    with pytest.raises(NotAllowed, match="“Basics”"):
        enrolments.enrol_by_oneself(session, more.id, people[0], now=NOW)
    enrolment = enrol(session, basics, people[0])
    progress.record_view(session, enrolment.id, UUID(lesson["id"]), NOW)
    assert enrolments.enrol_by_oneself(session, more.id, people[0], now=NOW).is_new


def test_an_invitation_opens_a_closed_course_as_often_and_as_long_as_it_says(session, people):
    course = publish(session, document(unit()))
    course_settings.change_settings(session, course.id, enrolment_mode="closed")
    end = NOW + timedelta(days=1)
    invitations.invite(session, course.id, token="t", created_by=None, max_uses=1, expires_at=end)
    assert invitations.follow(session, "t", people[0], now=NOW).is_new
    with pytest.raises(NotAllowed, match="as often"):
        invitations.follow(session, "t", people[1], now=NOW)
    with pytest.raises(NotAllowed, match="expired"):
        invitations.follow(session, "t", people[1], now=end)


def test_an_assignment_is_handed_in_given_back_and_graded(session, people):
    task = unit(
        "assignment", completion={"rule": "graded"}, assignment={"accept": "text", "points": 20}
    )
    enrolment = enrol(session, publish(session, document(task)), people[0])
    here = UUID(task["id"])

    def hand_in(text):
        return submissions.hand_in(session, enrolment.id, here, text=text, now=NOW)

    with pytest.raises(CourseInvalid):
        hand_in("  ")
    first = hand_in("My herbarium")
    assert first.outcomes[-1].is_pending_manual
    assert submissions.count_waiting(session) == 1
    by = {"graded_by": people[1], "now": NOW}
    submissions.give_back(session, first.submission.id, comment="Add names", **by)
    second = hand_in("With names")
    with pytest.raises(CourseInvalid, match="0 to 20"):
        submissions.grade(session, second.submission.id, points=21, comment="", **by)
    told = submissions.grade(session, second.submission.id, points=15, comment="Good", **by)
    assert (told[-1].score_scaled, enrolment.status) == (0.75, "completed")
    with pytest.raises(NotAllowed, match="graded"):
        hand_in("More")
    regraded = submissions.grade(session, second.submission.id, points=10, comment="", **by)
    assert regraded[-1].score_scaled == 0.5
    assert submissions.count_waiting(session) == 0


def test_a_link_may_open_one_lesson_alone(session, people):
    """LTI: the lesson is what is graded, not its course."""
    first, second = unit(title="First"), unit(title="Second")
    course = publish(session, document(first, second, order="linear"))
    enrolment = enrol(
        session,
        course,
        people[0],
        context_key="link:1",
        entry_unit_id=UUID(second["id"]),
        source="lti",
    )
    told = progress.record_view(session, enrolment.id, UUID(second["id"]), NOW)
    assert [one.item_type for one in told if not one.context_key.startswith("unit:")] == ["lesson"]
    assert told[-1].completion == "completed"
    with pytest.raises(CourseMissing):
        progress.record_view(session, enrolment.id, UUID(first["id"]), NOW)
