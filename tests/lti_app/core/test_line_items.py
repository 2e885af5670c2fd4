"""Line items: which one is ours, what a new one says, and what a change sends back."""

import pytest

from lti_app.core.line_items import (
    LineItem,
    build_line_item,
    change_line_item,
    choose,
    read_line_item,
    read_maximum,
)


def item(url: str, resource_id: str = "demo", tag: str = "lectern", link: str = "") -> LineItem:
    return LineItem(url, "x", 10.0, resource_id, tag, link)


def test_the_item_bound_to_the_link_wins_over_a_free_one():
    """LTI-AGS-13"""
    items = [item("free"), item("other", link="9"), item("ours", link="1")]
    assert choose(items, "demo", "1").url == "ours"
    assert choose(items[:2], "demo", "1").url == "free"


def test_an_item_of_another_link_or_tool_is_not_taken():
    """LTI-AGS-13: two links to one package have a column each"""
    assert choose([item("a", link="9"), item("b", tag="other")], "demo", "1") is None


def test_the_only_item_bound_to_the_link_is_taken_whoever_made_it():
    """moodle.md 3: the claim is left out as soon as a second one is bound to the link"""
    bound = item("a", resource_id="", tag="", link="1")
    assert choose([bound], "demo", "1") is bound
    assert choose([bound, item("b", resource_id="z", tag="", link="1")], "demo", "1") is None


def test_a_new_item_never_has_a_maximum_of_zero():
    """moodle.md 6: it would block the gradebook"""
    for maximum in (0, None, -1.0):
        made = build_line_item(
            label="", maximum=maximum, resource_id="demo", resource_link_id="1", extension={}
        )
        assert made["scoreMaximum"] == 100.0
    assert made == {
        "label": "demo",
        "scoreMaximum": 100.0,
        "resourceId": "demo",
        "tag": "lectern",
        "resourceLinkId": "1",
    }


def test_a_change_sends_all_fields_back():
    """LTI-AGS-11"""
    read = {"id": "u", "label": "Old", "scoreMaximum": 10, "tag": "t", "resourceId": "r", "x": [1]}
    assert change_line_item(read, {"label": "New"}) == {**read, "label": "New"}
    with pytest.raises(ValueError, match="scoreMaximum"):
        change_line_item(read, {"scoreMaximum": 0})


@pytest.mark.parametrize("value", [0, -5, "10", True, None, [], {}])
def test_a_maximum_that_is_no_number_above_zero_is_none(value):
    """LTI-AGS-10"""
    assert read_maximum({"scoreMaximum": value}) is None


@pytest.mark.parametrize("body", [None, [], "x", {}, {"id": 7}])
def test_what_is_no_line_item_is_none(body):
    assert read_line_item(body) is None
