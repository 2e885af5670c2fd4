"""Custom parameters and the variables in them (LTI Core 1.3, appendix B)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from demo_lms.core.course import Activity, Course, Person
from demo_lms.core.manner import Manner


def fill_custom(custom: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """Values that name a variable get its value; what is not known here stays as it is written."""
    return {
        name: variables.get(value[1:], value) if value.startswith("$") else value
        for name, value in custom.items()
    }


def twice(custom: Mapping[str, str]) -> dict[str, str]:
    """Keys in lower case beside those as written, as Moodle sends them. MOODLE 3"""
    return {name.lower(): value for name, value in custom.items()} | dict(custom)


def variables_of(
    manner: Manner, person: Person, course: Course, activity: Activity | None, memberships: str
) -> dict[str, str]:
    """Every variable that this platform fills."""
    found = {
        "Context.id": course.number,
        "Context.title": course.title,
        "Context.label": course.label,
        "Context.sourcedId": course.sourced_id,
        "Context.id.history": history(course.history),
        "User.id": person.user_id,
        "Person.sourcedId": person.sourced_id,
        "Membership.role": person.role,
        "ToolProxyBinding.memberships.url": memberships,
    }
    if manner.privacy in ("public", "name_only"):
        found |= {"User.username": person.key, "Person.name.full": person.name}
    if manner.privacy in ("public", "email_only"):
        found["Person.email.primary"] = person.email
    if activity is not None:
        found |= _of_link(activity, manner)
    if manner.name == "canvas":
        found |= _of_canvas(person, course, activity)
    return found


def history(ids: tuple[str, ...]) -> str:
    """Comma list, newest first, each URL-encoded. PAIN-07"""
    return ",".join(quote(one, safe="") for one in ids)


def _of_link(activity: Activity, manner: Manner) -> dict[str, str]:
    found = {
        "ResourceLink.id": activity.number,
        "ResourceLink.title": activity.title,
        "ResourceLink.description": activity.description,
    }
    if manner.personality.claims.history:
        found["ResourceLink.id.history"] = history(activity.history)
    return found


def _of_canvas(person: Person, course: Course, activity: Activity | None) -> dict[str, str]:
    """CANVAS-14"""
    found = {
        "Canvas.user.id": person.user_id,
        "Canvas.course.id": course.number,
        "Canvas.api.domain": "canvas.demo-lms.example",
        "Canvas.user.sisSourceId": person.sourced_id,
        "com.instructure.PostMessageToken": "demo-post-message-token",
    }
    return found | ({"Canvas.assignment.id": activity.number} if activity else {})
