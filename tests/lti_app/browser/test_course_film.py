"""A real film in a lesson: what was seen counts, what was skipped does not, captions are shown."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from content.services import enrolments
from database.session import transaction
from lti_app.services import course_folders, users
from lti_app.storage import storage
from tests.browser import wait_until
from tests.lti_app.services.test_course_folders import COURSES

pytestmark = pytest.mark.browser
LEARNER = "learner@school.test"
NOW = datetime.now(UTC)
LESSON = b"""---
title: The finger test
completion: {rule: watched, percent: 90}
video: {file: film.webm, captions: [{file: en.vtt, language: en}, {file: de.vtt, language: de}]}
---
"""


def make_course(site, key, film):
    """A course of one lesson with a film; the address where the learner sees it."""
    source = COURSES / "house-plants" / "film"
    about = f"key: {key}\ntitle: Film {key}\nmodules: [{{title: All, units: [film.md]}}]\n"
    files = {"course.yaml": about.encode(), "film.md": LESSON, "film.webm": film} | {
        f"{one}.vtt": (source / f"finger-test.{one}.vtt").read_bytes() for one in ("en", "de")
    }
    with transaction(site.tenant) as session:
        course = course_folders.sync_course(
            session, storage(), site.tenant, files, by=None, now=NOW
        ).course
        learner = users.find_user_by_email(session, LEARNER)
        enrolled = enrolments.enrol(session, course.id, learner.id, source="self", now=NOW)
    return f"{site.url}/learn/{enrolled.enrolment.id}/"


@pytest.fixture(scope="module")
def film():
    return (COURSES / "house-plants" / "film" / "finger-test.webm").read_bytes()


def play(page, start):
    """Play from a moment on, twice as fast, to the end."""
    page.evaluate(
        """async start => {
            const video = document.querySelector("video");
            video.muted = true;
            video.playbackRate = 2;
            video.currentTime = start;
            const over = new Promise(resolve => video.addEventListener("ended", resolve));
            await video.play();
            await over;
        }""",
        start,
    )


def test_a_film_is_seen_with_captions_and_what_is_skipped_does_not_count(site, open_page, film):
    page = open_page(LEARNER, locale="de")
    page.goto(make_course(site, "skipped", film))
    page.locator("[data-visit][data-ready]").wait_for()
    wait_until(page, "document.querySelector('video').readyState > 0")

    play(page, 10.5)
    expect(page.locator("[data-watched]")).to_have_text(re.compile(r"^[12]?\d % "))
    expect(page.locator("[data-unit-state] .chip-good")).to_have_count(0)

    shown = "[...document.querySelectorAll('track')].find(one => one.track.mode === 'showing')"
    assert page.evaluate(f"{shown}.srclang") == "de"
    wait_until(page, f"{shown}.track.cues?.length === 4")

    play(page, 0)
    expect(page.locator("[data-watched]")).to_have_text(re.compile("^(9[0-9]|100) % "))
    expect(page.locator("[data-unit-state] .chip-good")).to_have_count(1)


def test_the_length_of_a_film_is_found_where_its_recorder_wrote_none(site, open_page, film):
    """Recordings of browsers end when somebody stops them; their head was written before."""
    at = film.index(b"\x44\x89\x84")
    endless = film[:at] + b"\xec\x85" + film[at + 2 : at + 7] + film[at + 7 :]
    page = open_page(LEARNER)
    page.goto(make_course(site, "endless", endless))
    page.locator("[data-visit][data-ready]").wait_for()
    wait_until(page, "Math.abs(document.querySelector('video').duration - 12) < 1")
    wait_until(page, "document.querySelector('video').currentTime === 0")
