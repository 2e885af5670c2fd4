"""Courses and their activities: finding them, adding what a tool offered, copying a course."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from demo_lms.core.client import Client
from demo_lms.core.course import Activity, Course
from demo_lms.core.deep_linking import ContentItem
from demo_lms.core.line_items import parse_line_item
from demo_lms.state.line_items import add_line_item
from demo_lms.state.store import State


def courses_of(state: State) -> list[Course]:
    return [Course.from_json(kept) for kept in state["courses"]]


def find_course(state: State, number: str) -> Course | None:
    return next((course for course in courses_of(state) if course.number == number), None)


def activities_of(state: State, course: str) -> list[Activity]:
    kept = (one for one in state["activities"] if one["course"] == course)
    return [Activity.from_json(one) for one in kept]


def find_activity(state: State, number: str) -> Activity | None:
    kept = next((one for one in state["activities"] if one["number"] == number), None)
    return Activity.from_json(kept) if kept else None


def add_activity(state: State, client: Client, course: str, item: ContentItem) -> Activity:
    """An activity of what was chosen; with a line item it gets a column of its own."""
    activity = Activity(
        number=_next_activity(state),
        course=course,
        client_id=client.client_id,
        title=item.title,
        description=item.text,
        custom=item.custom,
        url=item.url,
        item=item.sent,
    )
    state["activities"].append(activity.as_json())
    if item.line_item is not None:
        # The column has the activity's name, whatever the label says. MOODLE 8
        fields = parse_line_item({**item.line_item, "label": item.title})
        fields["resourceLinkId"] = activity.number
        add_line_item(state, course, client.client_id, fields, own=True)
    state["revision"] += 1
    return activity


def copy_course(state: State, old: Course) -> Course:
    """A new course with new links and empty columns; what identifies content is kept. PAIN-07"""
    number = str(max(int(course.number) for course in courses_of(state)) + 1)
    new = Course(
        number=number,
        label=f"{old.label}-{number}",
        title=f"{old.title} (copy {number})",
        sourced_id=f"{old.sourced_id}-{number}",
        history=(old.number, *old.history),
    )
    state["courses"].append(new.as_json())
    for activity in activities_of(state, old.number):
        _copy_activity(state, activity, number)
    state["revision"] += 1
    return new


def _copy_activity(state: State, activity: Activity, course: str) -> None:
    link = _next_activity(state)
    history = (activity.number, *activity.history)
    new = replace(activity, number=link, course=course, history=history)
    state["activities"].append(new.as_json())
    dropped = ("id", "course", "client_id", "own")
    for item in [one for one in state["line_items"] if one["own"]]:
        if item.get("resourceLinkId") == activity.number:
            fields: dict[str, Any] = {k: v for k, v in item.items() if k not in dropped}
            fields["resourceLinkId"] = link
            add_line_item(state, course, activity.client_id, fields, own=True)


def _next_activity(state: State) -> str:
    number = str(state["next_activity"])
    state["next_activity"] += 1
    return number
