"""The platform misbehaves on request, as often as told, and only where told."""

import threading

import pytest
import requests
from werkzeug.serving import make_server

from demo_lms.core.media_types import SCORE


@pytest.fixture
def fault(lms):
    def set_fault(**body):
        answer = lms.test_client().post("/lms/api/faults", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json

    return set_fault


def test_a_server_error_records_nothing_and_ends_after_the_given_times(tool, fault, grades):
    """`times` counts faulty answers."""
    fault(mode="http_500", times=2)
    assert [tool.post_score().status_code for _ in range(3)] == [500, 500, 200]
    assert len(grades()) == 1


def test_without_times_a_fault_lasts_until_it_is_changed(tool, fault):
    """A journey may need a platform that is down for long."""
    fault(mode="http_500")
    assert {tool.post_score().status_code for _ in range(4)} == {500}
    fault(mode="ok")
    assert tool.post_score().status_code == 200


def test_too_many_requests_says_when_to_come_back(tool, fault, grades):
    """RFC 9110, 10.2.3"""
    fault(mode="http_429", seconds=7)
    answer = tool.post_score()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert grades() == []


def test_a_slow_platform_holds_the_answer_and_records_nothing(tool, fault, grades, slept):
    """The tool's own time-out must end the wait."""
    fault(mode="timeout", seconds=30)
    tool.post_score()
    assert (slept, grades()) == ([30], [])


def test_a_platform_may_record_the_score_and_then_hang(tool, fault, grades, slept):
    """The tool cannot know; its second sending must not count twice."""
    fault(mode="record_then_hang", seconds=30, times=1)
    assert tool.post_score().status_code == 200
    assert (slept, grades()[0]["score"]) == ([30], 7.5)
    assert tool.post_score().status_code == 409


def test_a_fault_may_concern_the_token_endpoint_only(tool, fault):
    """Scores are served with a token that was got before."""
    token = tool.token()
    fault(mode="http_500", endpoints=["token"], times=1)
    path = "/lti/services/1/lineitems/2/lineitem/scores?type_id=1"
    headers = {"authorization": f"Bearer {token}", "content_type": SCORE}
    assert tool.call("POST", path, body={}, **headers).status_code == 400
    assert tool.ask_token().status_code == 500
    assert tool.ask_token().status_code == 200


def test_other_calls_are_served_while_scores_fail(tool, fault):
    """Only what was chosen misbehaves."""
    fault(mode="http_500")
    path = "/lti/services/1/lineitems/2/lineitem?type_id=1"
    assert tool.call("GET", path).status_code == 200


def test_a_refusing_platform_closes_the_connection_without_an_answer(lms, tool, fault):
    """On a real socket, because that is where it happens."""
    token = tool.token()
    fault(mode="refuse", times=1)
    server = make_server("127.0.0.1", 0, lms, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.port}/lti/services/1/lineitems/2/lineitem/scores?type_id=1"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": SCORE}
        with pytest.raises(requests.ConnectionError):
            requests.post(url, data="{}", headers=headers, timeout=5)
        assert requests.post(url, data="{}", headers=headers, timeout=5).status_code == 400
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mode": "explode"},
        {"mode": "ok", "endpoints": ["all"]},
        {"mode": "timeout", "seconds": "x"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_by_name(lms, body):
    """The message names the field."""
    answer = lms.test_client().post("/lms/api/faults", json=body)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "fault_invalid")


def test_the_faults_page_sets_the_same_fault(lms, visitor):
    """A person and a test have the same switch."""
    form = {"mode": "http_429", "seconds": "3", "times": "2", "endpoints": ["scores", "token"]}
    assert visitor.client.post("/lms/faults", data=form).status_code == 303
    assert visitor.client.get("/lms/api/faults").json == {
        "mode": "http_429",
        "seconds": 3,
        "times": 2,
        "endpoints": ["scores", "token"],
    }
