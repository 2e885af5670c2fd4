"""Pages as people meet them."""

import re

import pytest

from demo_lms.app import create_app
from demo_lms.doors import Doors
from tests.demo_lms.conftest import ISSUER, Visitor

PROTECTED = (
    "/lms/courses/1",
    "/lms/courses/1/gradebook",
    "/lms/courses/1/activities/1",
    "/lms/courses/1/activities/1/window",
)


@pytest.mark.parametrize("path", PROTECTED)
def test_a_page_for_people_asks_first_who_is_there(visitor, path):
    """And leads back to where one wanted to go."""
    answer = visitor.client.get(path)
    assert answer.status_code == 401
    assert "Please choose a person first" in answer.text
    back = visitor.client.post("/lms/sign-in", data={"user": "stan", "next": path})
    assert back.headers["Location"] == path


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/lms/\\evil", ""])
def test_signing_in_leads_nowhere_else(visitor, target):
    """No open redirect."""
    answer = visitor.client.post("/lms/sign-in", data={"user": "stan", "next": target})
    assert answer.headers["Location"] == "/lms/courses/1"


def test_an_unknown_person_is_refused_with_the_names_that_exist(visitor):
    """Fail by name."""
    answer = visitor.client.post("/lms/sign-in", data={"user": "bob"})
    assert answer.status_code == 400
    assert "stan, sara, tina" in answer.text


def test_the_cookie_stays_under_lms_and_away_from_scripts(visitor):
    """Cookies know no ports: the tool's content origin is on the same host."""
    cookie = visitor.client.post("/lms/sign-in", data={"user": "stan"}).headers["Set-Cookie"]
    assert {"Path=/lms", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_form_of_another_site_changes_nothing(stan):
    """Same-site is not same-origin: the content origin shares the host."""
    answer = stan.client.post("/lms/reset", headers={"Origin": "http://127.0.0.1:8000"})
    assert answer.status_code == 403
    assert stan.client.post("/lms/reset", headers={"Origin": ISSUER}).status_code == 303


def test_people_who_come_by_another_name_are_led_to_the_issuers_address(lms):
    """The frames' origins and the cookie hang on it."""
    answer = lms.test_client().get("/lms/courses/1?x=1", base_url="http://localhost:8001")
    assert answer.headers["Location"] == f"{ISSUER}/lms/courses/1?x=1"


def test_the_frame_may_use_what_a_player_needs(stan):
    """The frame has no src, so `allow` must name every origin."""
    frame = re.search(r"<iframe[^>]*>", stan.client.get("/lms/courses/1/activities/1").text)
    assert frame is not None
    assert 'name="tool"' in frame[0]
    assert "fullscreen *" in frame[0]
    assert "sandbox" not in frame[0]


def test_an_unknown_activity_says_which_there_are(stan):
    """Fail by name."""
    answer = stan.client.get("/lms/courses/1/activities/9")
    assert answer.status_code == 404
    assert "activities 1, 2 and 3" in answer.text


def test_the_teacher_sees_every_student_and_a_student_himself(lms, stan, tool):
    """Table and JSON alike."""
    tool.post_score(comment="for Stan's eyes")
    sara, tina = Visitor(lms.test_client()), Visitor(lms.test_client())
    sara.sign_in("sara")
    tina.sign_in("tina")
    seen = {
        who: visitor.client.get("/lms/courses/1/gradebook").text
        for who, visitor in {"stan": stan, "sara": sara, "tina": tina}.items()
    }
    assert {who: "for Stan&#39;s eyes" in page for who, page in seen.items()} == {
        "stan": True,
        "sara": False,
        "tina": True,
    }
    assert "Sara Sample" in seen["tina"]
    assert "Stan Student" not in seen["sara"]
    assert sara.client.get("/lms/api/gradebook").json["grades"] == []


def test_a_student_sees_the_grade_on_the_course_page(stan, tool):
    """The shortest way to know that it arrived."""
    tool.post_score()
    assert "7.5 / 10" in stan.client.get("/lms/courses/1").text


def test_coming_back_needs_no_cookie_and_passes_the_tools_message_on(visitor):
    """Inside the frame a cookie may be missing; the page only leads out of it."""
    path = "/lms/courses/1/return?activity=1&target=iframe&lti_msg=Saved+%3Cb%3E"
    answer = visitor.client.get(path)
    assert answer.status_code == 200
    assert 'target="_top"' in answer.text
    assert "lti_msg=Saved" in answer.text
    visitor.sign_in("stan")
    assert "Saved &lt;b&gt;" in visitor.client.get("/lms/courses/1?lti_msg=Saved+<b>").text


def test_a_reset_gives_an_untouched_course_and_keeps_people_signed_in(stan, tool, grades):
    """The tool's token stays good as well."""
    token = tool.token()
    tool.post_score()
    assert stan.client.post("/lms/api/reset").status_code == 200
    assert grades() == []
    assert stan.client.get("/lms/courses/1").status_code == 200
    assert stan.client.get("/lms/api/messages").json["messages"] == []
    path = "/lti/services/1/lineitems/2/lineitem?type_id=1"
    assert tool.call("GET", path, authorization=f"Bearer {token}").status_code == 200


def test_a_restart_keeps_everything(settings, lms, stan, tool, clock):
    """Grades, messages, the fault, the key, who is signed in."""
    tool.post_score()
    lms.test_client().post("/lms/api/faults", json={"mode": "http_500"})
    again = create_app(settings, Doors(fetch_json=tool.key_set, now=clock.now))
    for path in ("/lms/api/gradebook", "/lms/api/faults", "/lti/jwks", "/lms/api/messages"):
        assert again.test_client().get(path).json == lms.test_client().get(path).json
    cookie = stan.client.get_cookie("demo_lms", "127.0.0.1", "/lms")
    assert cookie is not None
    browser = again.test_client()
    browser.set_cookie("demo_lms", cookie.value, domain="127.0.0.1", path="/lms")
    assert "Stan Student" in browser.get("/lms/courses/1").text


def test_a_teacher_overrides_and_locks_a_grade_on_its_page(lms, stan, tool, grades):
    """PAIN-20: the gradebook says whose grade it is; a student cannot do this."""
    tool.post_score()
    tina = Visitor(lms.test_client())
    tina.sign_in("tina")
    cell = "/lms/courses/1/gradebook/2/4"
    assert "7.5 / 10" in tina.client.get(cell).text
    sent = {"points": "9", "locked": "1"}
    assert stan.client.post(cell, data=sent).status_code == 403
    assert tina.client.post(cell, data={"points": "many"}).status_code == 400
    assert tina.client.post(cell, data=sent).status_code == 303
    assert (grades()[0]["score"], grades()[0]["raw"], grades()[0]["locked"]) == (9, 7.5, True)
    page = tina.client.get("/lms/courses/1/gradebook").text
    assert "by the teacher" in page
    assert "locked" in page
    tina.client.post(cell, data={"points": ""})
    assert (grades()[0]["score"], grades()[0]["locked"]) == (7.5, False)
    assert tina.client.get("/lms/courses/1/gradebook/2/99").status_code == 404
