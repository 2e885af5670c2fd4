"""The id_token's claims of a resource link launch, shaped like Moodle 4.5's (MOODLE 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from demo_lms.core.course import CLIENT_ID, COURSE, DEPLOYMENT_ID, MEMBERSHIP, Activity, Person
from demo_lms.core.scopes import SCOPES

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
LIFETIME = 60
"""Seconds an id_token is good for."""


@dataclass(frozen=True)
class Launch:
    """One launch of an activity, prepared when its page was shown and taken once."""

    launch_id: str
    person: Person
    activity: Activity
    document_target: str  # "iframe" or "window"


def build_id_token(
    issuer: str,
    launch: Launch,
    *,
    nonce: str,
    target_link_uri: str,
    line_items_url: str,
    line_item_url: str | None,
    now: datetime,
) -> dict[str, Any]:
    """All claims. `line_item_url` is None while the link has none or several (MOODLE 3)."""
    issued = int(now.timestamp())
    person, activity = launch.person, launch.activity
    endpoint = {"scope": list(SCOPES), "lineitems": line_items_url}
    if line_item_url is not None:
        endpoint["lineitem"] = line_item_url
    return {
        "nonce": nonce,
        "iat": issued,
        "exp": issued + LIFETIME,
        "iss": issuer,
        "aud": CLIENT_ID,
        **_person_claims(person),
        LTI + "deployment_id": DEPLOYMENT_ID,
        LTI + "target_link_uri": target_link_uri,
        LTI + "message_type": "LtiResourceLinkRequest",
        LTI + "version": "1.3.0",
        LTI + "roles": [MEMBERSHIP + person.role],
        LTI + "context": {
            "id": COURSE.number,
            "label": COURSE.label,
            "title": COURSE.title,
            "type": ["CourseSection"],
        },
        LTI + "resource_link": {
            "id": activity.number,
            "title": activity.title,
            "description": activity.description,
        },
        LTI + "lis": {
            "person_sourcedid": person.sourced_id,
            "course_section_sourcedid": COURSE.sourced_id,
        },
        LTI + "ext": {"user_username": person.key, "lms": "lectern-demo"},
        LTI + "launch_presentation": {
            "locale": "en",
            "document_target": launch.document_target,
            "return_url": return_url(issuer, launch),
        },
        LTI + "tool_platform": tool_platform(issuer),
        LTI + "custom": {"sc_item": activity.item},
        AGS_ENDPOINT: endpoint,
    }


def _person_claims(person: Person) -> dict[str, str]:
    return {
        "sub": person.user_id,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "name": person.name,
        "email": person.email,
        "locale": "en",
    }


def return_url(issuer: str, launch: Launch) -> str:
    """Where the tool sends the person back to; the page breaks out of the frame by itself."""
    return (
        f"{issuer}/lms/courses/{COURSE.number}/return"
        f"?activity={launch.activity.number}&target={launch.document_target}"
    )


def tool_platform(issuer: str) -> dict[str, str]:
    return {
        "product_family_code": "lectern-demo",
        "version": "1",
        "guid": uuid5(NAMESPACE_URL, issuer).hex,
        "name": "Demo LMS",
        "description": "A small LTI 1.3 platform to try tools against",
    }
