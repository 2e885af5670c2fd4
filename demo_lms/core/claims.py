"""The id_token of the three messages, in the manner that is played.

LTI Core 1.3, 5.3 and 5.4; Deep Linking 2.0, 4.4.1; Submission Review 1.0; measured on Moodle 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from demo_lms.core import scopes
from demo_lms.core.addresses import (
    deep_link_return_url,
    line_item_url,
    line_items_url,
    memberships_url,
)
from demo_lms.core.client import Client
from demo_lms.core.course import Activity, Course, Person
from demo_lms.core.custom import fill_custom, twice, variables_of
from demo_lms.core.deep_linking import settings_of
from demo_lms.core.manner import Manner
from demo_lms.core.roles import launch_roles

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
BASIC_OUTCOME = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
STRANGER = "another-client"

RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINK = "LtiDeepLinkingRequest"
REVIEW = "LtiSubmissionReviewRequest"


@dataclass(frozen=True)
class Launch:
    """One message, prepared when its page was shown and taken once."""

    launch_id: str
    person: Person
    client: Client
    course: Course
    activity: Activity | None  # None: deep linking
    message: str = RESOURCE_LINK
    document_target: str = "iframe"  # or "window"
    for_user: Person | None = None  # whose work is reviewed
    review_url: str = ""

    @property
    def target_link_uri(self) -> str:
        if self.message == DEEP_LINK:
            return self.client.deep_link_uri or self.client.target_link_uri
        own = self.activity.url if self.activity else ""
        return self.review_url or own or self.client.target_link_uri


def build_id_token(
    issuer: str,
    manner: Manner,
    launch: Launch,
    *,
    nonce: str,
    line_item: str | None,
    now: datetime,
) -> dict[str, Any]:
    """All claims. `line_item` is the id of the link's column, None when none is to be named."""
    claims = {
        "nonce": nonce,
        **_times(manner, now),
        "iss": issuer,
        **_audience(manner, launch.client.client_id),
        **_person_claims(manner, launch.person),
        LTI + "deployment_id": launch.client.deployment_id,
        LTI + "target_link_uri": launch.target_link_uri,
        LTI + "message_type": launch.message,
        LTI + "version": "1.3.0",
        LTI + "roles": launch_roles(
            launch.person, institution=manner.personality.claims.institution_roles
        ),
        LTI + "lis": {
            "person_sourcedid": launch.person.sourced_id,
            "course_section_sourcedid": launch.course.sourced_id,
        },
        LTI + "launch_presentation": _presentation(issuer, launch),
        LTI + "tool_platform": tool_platform(issuer, manner),
        LTI + "custom": _custom(issuer, manner, launch),
        **_message_claims(issuer, manner, launch),
    }
    if manner.context:
        claims |= _context_claims(issuer, manner, launch, line_item)
    return claims


def tool_platform(issuer: str, manner: Manner) -> dict[str, str]:
    return {
        "product_family_code": manner.personality.family_code,
        "version": manner.personality.version,
        "guid": uuid5(NAMESPACE_URL, issuer).hex,
        "name": "Demo LMS",
        "description": "A small LTI 1.3 platform to try tools against",
    }


def _times(manner: Manner, now: datetime) -> dict[str, int]:
    issued = int(now.timestamp()) + manner.clock_skew
    times = {"iat": issued, "exp": issued + manner.personality.claims.lifetime}
    return times | ({"nbf": issued} if manner.personality.claims.nbf else {})


def _audience(manner: Manner, client_id: str) -> dict[str, Any]:
    if manner.audience == "several":
        return {"aud": [STRANGER, client_id], "azp": client_id}
    claims: dict[str, Any] = {"aud": [client_id] if manner.audience == "array" else client_id}
    return claims | ({"azp": client_id} if manner.personality.claims.azp else {})


def _person_claims(manner: Manner, person: Person) -> dict[str, Any]:
    claims: dict[str, Any] = {"sub": person.user_id}
    if manner.privacy in ("public", "name_only"):
        claims |= {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "name": person.name,
        }
        claims[LTI + "ext"] = {"user_username": person.key, "lms": manner.personality.family_code}
    if manner.privacy in ("public", "email_only"):
        claims["email"] = person.email
    return claims


def _presentation(issuer: str, launch: Launch) -> dict[str, str]:
    if launch.message == DEEP_LINK:
        return {"locale": "en", "document_target": launch.document_target}
    return {
        "locale": "en",
        "document_target": launch.document_target,
        "return_url": return_url(issuer, launch),
    }


def return_url(issuer: str, launch: Launch) -> str:
    """Where the tool sends the person back to; the page breaks out of the frame by itself."""
    number = launch.activity.number if launch.activity else ""
    return (
        f"{issuer}/lms/courses/{launch.course.number}/return"
        f"?activity={number}&target={launch.document_target}"
    )


def _custom(issuer: str, manner: Manner, launch: Launch) -> dict[str, str]:
    url = memberships_url(issuer, launch.course.number)
    written = {**launch.client.custom, **(launch.activity.custom if launch.activity else {})}
    variables = variables_of(manner, launch.person, launch.course, launch.activity, url)
    filled = fill_custom(written, variables)
    if not manner.personality.claims.custom_twice:
        return filled
    return twice(filled) | {"context_memberships_url": url}


def _message_claims(issuer: str, manner: Manner, launch: Launch) -> dict[str, Any]:
    if launch.activity is None:
        back = deep_link_return_url(issuer, launch.course.number, launch.launch_id)
        return {DEEP_LINKING: settings_of(manner.personality, back, launch.launch_id)}
    claims: dict[str, Any] = {
        LTI + "resource_link": {
            "id": launch.activity.number,
            "title": launch.activity.title,
            "description": launch.activity.description,
        }
    }
    if launch.for_user is not None:
        shown = _person_claims(manner, launch.for_user)
        names = ("given_name", "family_name", "name", "email")
        claims[LTI + "for_user"] = {
            "user_id": launch.for_user.user_id,
            **{name: shown[name] for name in names if name in shown},
        }
    if manner.personality.claims.basic_outcome:
        claims[BASIC_OUTCOME] = {
            "lis_result_sourcedid": f'{{"data":{{"instanceid":"{launch.activity.number}"}}}}',
            "lis_outcome_service_url": f"{issuer}/lti/outcomes",
        }
    return claims


def _context_claims(
    issuer: str, manner: Manner, launch: Launch, line_item: str | None
) -> dict[str, Any]:
    course, client = launch.course, launch.client
    claims: dict[str, Any] = {
        LTI + "context": {
            "id": course.number,
            "label": course.label,
            "title": course.title,
            "type": ["CourseSection"],
        },
        NRPS: {
            "context_memberships_url": memberships_url(issuer, course.number),
            "service_versions": ["1.0", "2.0"] if manner.name == "moodle" else ["2.0"],
        },
    }
    allowed = scopes.allowed_for_grades(manner.grades, client.scopes)
    if not allowed:
        return claims
    endpoint: dict[str, Any] = {
        "scope": allowed,
        "lineitems": line_items_url(issuer, manner, course.number, client.deployment_id),
    }
    if line_item is not None:
        endpoint["lineitem"] = line_item_url(
            issuer, manner, course.number, line_item, client.deployment_id
        )
    return claims | {AGS_ENDPOINT: endpoint}
