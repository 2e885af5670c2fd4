"""What a score does, product by product: refused, erasing, overridden, locked, counted."""

import pytest

from demo_lms.core.claims import AGS_ENDPOINT
from demo_lms.core.media_types import LINE_ITEM, RESULTS
from demo_lms.core.scores import CANVAS_SUBMISSION
from tests.demo_lms.conftest import TOOL
from tests.demo_lms.platform import item_of, launched, path_of, play, send, with_ending


@pytest.fixture
def override(lms):
    """What a teacher does by hand to Stan's quiz."""

    def change(points, *, locked=False):
        body = {"line_item": "2", "user_id": "4", "points": points, "locked": locked}
        assert lms.test_client().post("/lms/api/grades", json=body).status_code == 200

    return change


@pytest.mark.parametrize(
    ("name", "changes", "status"),
    [
        ("canvas", {"scoreMaximum": None}, 422),  # CANVAS-20
        ("canvas", {"userId": "3"}, 422),  # CANVAS-22
        ("canvas", {"activityProgress": "Done"}, 400),
        ("canvas", {CANVAS_SUBMISSION: {"submitted_at": "2026-11-21T20:05:00Z"}}, 400),  # -24
        ("brightspace", {"userId": "3"}, 403),  # D2L-7
        ("moodle", {"activityProgress": "Done"}, 200),
        ("moodle", {"userId": "3"}, 400),  # MOODLE-5
    ],
)
def test_scores_are_refused_in_the_products_words(lms, stan, tool, name, changes, status):
    play(lms, name)
    assert send(tool, item_of(stan, tool), **changes).status_code == status


@pytest.mark.parametrize(
    ("name", "status"), [("moodle", 409), ("canvas", 400), ("blackboard", 409), ("sakai", 409)]
)
def test_an_earlier_score_is_refused(lms, stan, tool, name, status):
    """MOODLE-6, CANVAS-21"""
    play(lms, name)
    item = item_of(stan, tool)
    assert send(tool, item).status_code == 200
    assert send(tool, item).status_code == status
    tool.clock.forward(0.5)
    assert send(tool, item).status_code == (409 if name == "moodle" else 200)


@pytest.mark.parametrize(
    ("name", "changes", "score"),
    [
        ("moodle", {}, None),  # MOODLE-8
        ("canvas", {}, None),  # CANVAS-19
        ("canvas", {CANVAS_SUBMISSION: {"preserve_score": True}}, 7.5),  # CANVAS-29
        ("generic", {}, 7.5),
        ("blackboard", {}, 7.5),
    ],
)
def test_a_score_that_is_not_final_erases_or_leaves_the_grade(
    lms, stan, tool, grades, name, changes, score
):
    play(lms, name)
    item = item_of(stan, tool)
    send(tool, item)
    tool.clock.forward(2)
    assert send(tool, item, gradingProgress="Pending", **changes).status_code == 200
    assert grades()[0]["score"] == score


@pytest.mark.parametrize(
    ("name", "comment"),
    [("blackboard", ""), ("moodle", ""), ("generic", "well"), ("canvas", "well")],
)
def test_a_score_without_comment_wipes_the_comment_or_not(lms, stan, tool, grades, name, comment):
    """BB-10, MOODLE 6"""
    play(lms, name)
    item = item_of(stan, tool)
    send(tool, item, comment="well")
    tool.clock.forward(2)
    send(tool, item)
    assert grades()[0]["comment"] == comment


def test_blackboards_results_have_no_comment(lms, stan, tool):
    """BB-10"""
    for name, shown in (("blackboard", False), ("generic", True)):
        play(lms, name)
        item = item_of(stan, tool)
        tool.clock.forward(2)
        send(tool, item, comment="well")
        results = tool.call(
            "GET", with_ending(item, "/results"), accept=RESULTS, content_type=RESULTS
        ).json
        assert ("comment" in results[0]) == shown


@pytest.mark.parametrize(
    ("name", "changes", "score"),
    [
        ("moodle", {}, 3),
        ("blackboard", {}, 3),
        ("brightspace", {}, 7.5),
        ("canvas", {}, 7.5),
        ("canvas", {CANVAS_SUBMISSION: {"prioritize_non_tool_grade": True}}, 3),  # CANVAS-28
    ],
)
def test_a_teachers_grade_stays_or_is_replaced(
    lms, stan, tool, grades, override, name, changes, score
):
    """PAIN-20, LTI-SP-9: the results show what counts."""
    play(lms, name)
    item = item_of(stan, tool)
    send(tool, item)
    override(3)
    tool.clock.forward(2)
    assert send(tool, item, **changes).status_code == 200
    assert (grades()[0]["score"], grades()[0]["raw"]) == (score, 7.5)
    results = tool.call(
        "GET", with_ending(item, "/results"), accept=RESULTS, content_type=RESULTS
    ).json
    assert results[0]["resultScore"] == score


@pytest.mark.parametrize(("name", "status"), [("moodle", 500), ("canvas", 422), ("sakai", 403)])
def test_a_locked_grade_refuses_scores_until_it_is_opened(
    lms, stan, tool, grades, override, name, status
):
    """MOODLE 6: 500 and an empty list."""
    play(lms, name)
    item = item_of(stan, tool)
    override(None, locked=True)
    assert send(tool, item).status_code == status
    override(None)
    assert send(tool, item).status_code == 200
    assert grades()[0]["score"] == 7.5


def test_canvas_counts_an_attempt_for_each_new_submission(lms, stan, tool, grades):
    """CANVAS-25"""
    play(lms, "canvas")
    item = item_of(stan, tool)
    for new in (True, False, False):
        tool.clock.forward(2)
        send(tool, item, **{CANVAS_SUBMISSION: {"new_submission": new}})
    assert grades()[0]["attempts"] == 1


def test_canvas_guards_the_columns_of_its_activities(lms, stan, tool):
    """CANVAS-33, CANVAS-34, CANVAS-31, CANVAS-32"""
    play(lms, "canvas")
    assert tool.call("DELETE", item_of(stan, tool)).status_code == 401
    container = path_of(launched(stan, tool)[AGS_ENDPOINT]["lineitems"])
    body = {"label": "Mine", "scoreMaximum": 1, "resourceLinkId": "77"}
    assert tool.call("POST", container, body=body, content_type=LINE_ITEM).status_code == 404
    kind = {"type": "external_tool", "external_tool_url": f"{TOOL}/lti/launch"}
    body = {
        "label": "M",
        "scoreMaximum": 1,
        "https://canvas.instructure.com/lti/submission_type": kind,
    }
    made = tool.call("POST", container, body=body, content_type=LINE_ITEM)
    assert kind in made.json.values()
    shown = tool.call("GET", f"{path_of(made.json['id'])}?include[]=launch_url", accept=LINE_ITEM)
    assert f"{TOOL}/lti/launch" in shown.json.values()


def test_blackboard_wants_a_type_with_reads_too(lms, stan, tool):
    """BB-8"""
    play(lms, "blackboard")
    path = with_ending(item_of(stan, tool), "/results")
    assert tool.call("GET", path, accept=RESULTS).status_code == 415
    assert tool.call("GET", path, accept=RESULTS, content_type=RESULTS).status_code == 200
