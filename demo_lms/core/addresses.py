"""Addresses of the services, in the shape of the product that is played."""

from __future__ import annotations

from demo_lms.core.manner import Manner


def line_items_url(issuer: str, manner: Manner, course: str, deployment_id: str) -> str:
    """Where the columns of a course are listed and made."""
    shape = manner.personality.line_items
    query = f"?type_id={deployment_id}" if shape.typed else ""
    return f"{issuer}{shape.container.format(course=course)}{query}"


def line_item_url(
    issuer: str, manner: Manner, course: str, item_id: str, deployment_id: str, ending: str = ""
) -> str:
    """A column's id; the query stays behind whatever is put to the path's end. LTI-AGS-6"""
    shape = manner.personality.line_items
    query = f"?type_id={deployment_id}" if shape.typed else ""
    return f"{issuer}{shape.item.format(course=course, item=item_id)}{ending}{query}"


def memberships_url(issuer: str, course: str) -> str:
    return f"{issuer}/lti/nrps/{course}/memberships"


def deep_link_return_url(issuer: str, course: str, launch_id: str) -> str:
    """Where the tool's choice is posted to; its query must be kept. LTI-DL-19"""
    return f"{issuer}/lti/deep-link/return?course={course}&launch={launch_id}"
