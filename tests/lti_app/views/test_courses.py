"""Learners' pages of courses: the course, its units, files, assignments, the catalogue."""

import io
import json
import re
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from content.services import courses, drafts, invitations
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services import content_outcomes
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.models.attempt import Attempt
from tests.content.courses import document, unit
from tests.lti_app.conftest import Portal, publish, stock
from tests.lti_app.course_pages import (
    NOW,
    add_course,
    add_file,
    enrolled,
    go_in,
)


@pytest.fixture
def learner(portal: Portal) -> Portal:
    portal.sign_in_as(Role.LEARNER)
    return portal


def report(portal: Portal, base: str, one, **values):
    page = portal.get(f"{base}/units/{one['id']}").text
    visit = re.search(r'data-visit="(\w+)"', page)[1]
    token = re.search(r'data-csrf="([^"]+)"', page)[1]
    return portal._open(
        "POST",
        f"{base}/units/{one['id']}/visits",
        data=json.dumps({"visit": visit} | values),
        headers={"X-CSRFToken": token},
    )


def test_somebody_finds_a_course_enrols_learns_and_completes_it(learner):
    first, second = (
        unit(title="Light"),
        unit(title="Water", completion={"rule": "time", "minutes": 0.01}),
    )
    base = go_in(learner, document(first, second, summary="For windowsills"))
    assert "House plants" in learner.get("/catalogue?q=windowsill").text
    assert learner.get(f"{base}/").location.endswith(first["id"])
    page = learner.get(f"{base}/units/{first['id']}").text
    assert "<strong>text</strong>" in page
    assert "1 of 2 done" in page
    assert "Why is this not complete?" in learner.get(f"{base}/units/{second['id']}").text
    report(learner, base, second, seconds=0)
    assert learner.get(f"{base}/").status_code in (200, 303)
    assert enrolled(learner).status == "in_progress"


def test_a_report_is_acknowledged_with_what_it_led_to(learner):
    """PAIN-03"""
    one = unit(completion={"rule": "time", "minutes": 5})
    base = go_in(learner, document(one))
    answer = report(learner, base, one, seconds=3).json
    assert (answer["complete"], answer["wanted"]) == (False, 1)
    assert "more minute" in answer["why"][0]


@pytest.mark.parametrize(
    "body", ["[]", "{}", '{"visit": 1}', '{"visit":"x","watched":[["a",1]]}', "\xff"]
)
def test_what_is_no_report_is_refused(learner, body):
    one = unit()
    base = go_in(learner, document(one))
    token = learner.csrf_token("/account")
    answer = learner._open(
        "POST", f"{base}/units/{one['id']}/visits", data=body, headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 400


def test_forms_of_the_portal_carry_a_token(learner):
    one = unit("assignment")
    base = go_in(learner, document(one))
    for path in ("visits", "submissions", "open"):
        assert learner._open("POST", f"{base}/units/{one['id']}/{path}").status_code == 400


def test_drafts_are_not_there_for_learners(learner):
    add_course(learner, document(unit(), title="Secret plans"), published=False)
    assert learner.get("/courses/secret-plans").status_code == 404
    assert "Secret plans" not in learner.get("/catalogue").text
    assert learner.post("/courses/secret-plans/enrol").status_code == 404


def test_what_is_changed_in_a_draft_is_not_seen_before_it_is_published(learner):
    key = add_course(learner, document(unit(), title="Ferns"))
    with transaction(learner.tenant) as session:
        course = courses.find_course_by_key(session, key)
        drafts.save_draft(
            session,
            course.id,
            document(unit(title="Unready"), title="Unready ferns"),
            revision=1,
            changed_by=None,
            now=NOW,
        )
    assert "Unready" not in learner.get(f"/courses/{key}").text
    assert "Unready" not in learner.get("/catalogue?q=unready").text.split("</form>")[-1]


def test_nobody_learns_under_somebody_elses_name(learner):
    one = unit("assignment")
    base = go_in(learner, document(one))
    learner.post("/sign-out")
    learner.add(Role.LEARNER, "other@school.test")
    assert learner.get(f"{base}/units/{one['id']}").status_code == 401
    learner.sign_in("other@school.test")
    for path in ("/", f"/units/{one['id']}", f"/files/{uuid4()}"):
        assert learner.get(f"{base}{path}").status_code == 404
    assert learner.post(f"{base}/units/{one['id']}/submissions", {"text": "x"}).status_code == 404


def test_files_are_what_they_are_and_run_nothing(learner):
    """PAIN-23"""
    one = unit()
    base = go_in(learner, document(one))
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    picture = learner.get(f"{base}/files/{add_file(learner, 'house-plants', 'a.svg', svg)}")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    page = learner.get(f"{base}/files/{add_file(learner, 'house-plants', 'a.bin', b'<html>')}")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.mimetype == "application/octet-stream"


def test_a_file_of_another_course_is_not_there(learner):
    base = go_in(learner, document(unit()))
    other = add_course(learner, document(unit(), title="Other"))
    file_id = add_file(learner, other, "a.bin", b"data")
    assert learner.get(f"{base}/files/{file_id}").status_code == 404
    assert learner.get(f"/courses/{other}/files/{file_id}").status_code == 404


def test_a_video_is_sent_in_parts(learner):
    base = go_in(learner, document(unit()))
    film = b"\x00\x00\x00\x18ftypmp42" + b"x" * 5000
    file_id = add_file(learner, "house-plants", "film.mp4", film)
    part = learner.get(f"{base}/files/{file_id}", headers={"Range": "bytes=100-199"})
    assert (part.status_code, len(part.data), part.mimetype) == (206, 100, "video/mp4")


def test_an_assignment_is_handed_in_and_a_hostile_file_is_not(learner):
    one = unit(
        "assignment", assignment={"accept": "both", "max_mb": 0.01, "extensions": ["txt", "html"]}
    )
    base = go_in(learner, document(one))
    here = f"{base}/units/{one['id']}"

    def hand_in(name, data):
        return learner.post(f"{here}/submissions", {"text": "", "file": (io.BytesIO(data), name)})

    for name, data in (("x.html", b"<script>"), ("x.exe", b"MZ"), ("x.txt", b"x" * 20_000)):
        hand_in(name, data)
        assert "Handed in" not in learner.get(here).text
    hand_in("../../etc/cron.d/x.txt", b"my essay")
    page = learner.get(here).text
    assert "Waits for a grade" in page
    link = re.search(r'href="([^"]+/submissions/[^"]+/file)"', page)[1]
    mine = learner.get(link)
    assert (mine.data, mine.headers["Content-Disposition"]) == (
        b"my essay",
        "attachment; filename=x.txt",
    )


def test_a_link_is_done_when_it_is_followed_and_leads_only_where_its_author_said(learner):
    one = unit("link")
    base = go_in(learner, document(one))
    page = learner.get(f"{base}/units/{one['id']}").text
    assert 'rel="noopener"' in page
    answer = learner.get(f"{base}/units/{one['id']}/go?url=https://evil.example")
    assert answer.location == "https://example.org/"
    assert enrolled(learner).status == "completed"


def test_a_closed_unit_says_why_and_counts_nothing(learner):
    first, second = (
        unit(title="First", completion={"rule": "time", "minutes": 9}),
        unit(title="Second"),
    )
    base = go_in(learner, document(first, second, order="linear"))
    page = learner.get(f"{base}/units/{second['id']}").text
    assert "First complete “First”." in page
    assert "<strong>text</strong>" not in page
    assert enrolled(learner).status == "enrolled"


def test_a_package_unit_opens_the_player_and_brings_back_what_it_reports(learner):
    package = stock(learner)
    publish(learner, package)
    one = unit("package", package=str(package))
    base = go_in(learner, document(one))
    answer = learner.post(f"{base}/units/{one['id']}/open")
    assert answer.location.startswith("http://127.0.0.1:8000/")

    with transaction(learner.tenant) as session:
        attempt = session.scalars(select(Attempt)).one()
        assert attempt.context_key == f"unit:{enrolled(learner).id}:{one['id']}"
        values = report_of(attempt)
        content_outcomes.record_attempt(session, values, now=NOW, app_url="http://localhost:8000")
    done = enrolled(learner)
    assert (done.status, done.score_scaled) == ("completed", 0.8)
    lower = replace(values, score_scaled=0.5)
    for is_decided, score in ((False, 0.8), (True, 0.5)):
        with transaction(learner.tenant) as session:
            content_outcomes.record_attempt(
                session, lower, now=NOW, app_url="http://localhost:8000", is_decided=is_decided
            )
        assert enrolled(learner).score_scaled == score


def report_of(attempt: Attempt) -> Outcome:
    """The player says: passed with 80 of 100."""
    return Outcome(
        attempt_id=attempt.id,
        registration=attempt.registration,
        user_id=attempt.user_id,
        package_id=attempt.package_id,
        package_version_id=attempt.package_version_id,
        context_key=attempt.context_key,
        activity_key="demo",
        title="Demo",
        attempt_number=1,
        mode="normal",
        completion="completed",
        success="passed",
        score_scaled=0.8,
        score_raw=80.0,
        score_min=0.0,
        score_max=100.0,
        total_seconds=60.0,
        occurred_at=NOW,
        commit_number=1,
        writer=1,
        events=("completed", "passed", "scored"),
        interactions=(),
        launch_ref="portal",
    )


def test_asking_waits_for_an_answer_and_an_invitation_opens_closed_doors(learner):
    key = add_course(learner, document(unit()), enrolment_mode="approval")
    assert learner.post(f"/courses/{key}/enrol").location == f"/courses/{key}"
    assert learner.get(f"/learn/{enrolled(learner).id}/").status_code == 403
    closed = add_course(learner, document(unit(), title="Closed"), enrolment_mode="closed")
    assert learner.post(f"/courses/{closed}/enrol").location == f"/courses/{closed}"
    with transaction(learner.tenant) as session:
        course = courses.find_course_by_key(session, closed)
        invitations.invite(session, course.id, token="abc", created_by=None)
    assert "Take part" in learner.get("/courses/invitations/abc").text
    assert learner.post("/courses/invitations/abc").location.startswith("/learn/")
    assert learner.get("/courses/invitations/nothing").status_code == 404


def test_a_report_opens_no_unit_that_is_closed(learner):
    """A forged report of a page that was never served counts nothing."""
    first, second = unit(completion={"rule": "time", "minutes": 9}), unit()
    base = go_in(learner, document(first, second, order="linear"))
    token = learner.csrf_token("/account")
    answer = learner._open(
        "POST",
        f"{base}/units/{second['id']}/visits",
        data=json.dumps({"visit": "made up", "seconds": 999}),
        headers={"X-CSRFToken": token},
    )
    assert answer.json["complete"] is False
    assert enrolled(learner).status == "enrolled"
