"""The LTI message inside a verified id_token: what must be there, and what we read of it.

Our own table of checks gives each fault its code; PyLTI1p3's message validator has the last word.
Source: LTI Core 1.3 sections 5.3 and 5.4; rules LTI-B03 to LTI-B12, LTI-G01 to LTI-G09.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lti_app.core.item import read_version
from lti_app.core.lti import claims as c
from lti_app.core.lti.message_types import CHECKS
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.roles import Roles, read_roles
from lti_app.core.lti.web_urls import read_web_url as read_web_url


@dataclass(frozen=True)
class GradeServiceClaim:
    """The grade service as offered by a launch (AGS 2.0 section 3.1)."""

    scopes: tuple[str, ...] = ()
    line_items_url: str | None = None
    line_item_url: str | None = None


@dataclass(frozen=True)
class Person:
    """Who launches; every name may be empty (LTI-G06 to LTI-G08)."""

    subject: str
    given_name: str = ""
    family_name: str = ""
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class LaunchMessage:
    """A launch, with optional parts as empty values; the parts of one message type alone are read
    by its own module."""

    message_type: str
    deployment_id: str
    target_link_uri: str
    person: Person
    roles: Roles
    resource_link_id: str
    resource_link_title: str
    context_id: str
    """Empty: no context (LTI-G09)."""
    context_label: str
    context_title: str
    context_types: tuple[str, ...]
    custom: Mapping[str, str]
    ags: GradeServiceClaim
    return_url: str | None
    locale: str
    platform_family: str
    platform_name: str
    memberships_url: str | None = None
    """Where the platform tells who is in the course (NRPS 2.0)."""


def verify_message(claims: Mapping[str, Any]) -> None:
    """Refuse what is no complete LTI 1.3 message of a type that we take."""
    if not any(str(name).startswith(c.PREFIX) for name in claims):
        raise Refusal("not_lti", "the token has no LTI claim")
    for name, missing in _REQUIRED:
        if claims.get(name) in (None, ""):
            raise Refusal(missing, "" if missing != "claim_missing" else name.rsplit("/", 1)[1])
    version = claims[c.VERSION]
    if version != "1.3.0":
        raise Refusal("version_invalid", f"version is {c.text(version, 20)!r}")
    _check_shapes(claims)
    message_type = claims[c.MESSAGE_TYPE]
    check = CHECKS.get(message_type) if isinstance(message_type, str) else None
    if check is None:
        raise Refusal("message_type_unsupported", c.text(message_type, 80))
    check(claims)


def _check_shapes(claims: Mapping[str, Any]) -> None:
    for name in ("sub", c.DEPLOYMENT_ID):
        value = claims[name]
        if not isinstance(value, str) or len(value) > 255 or not c.is_storable(value):
            raise Refusal("claim_invalid", f"{name} must be text of at most 255 characters")
    if not isinstance(claims[c.ROLES], list):
        raise Refusal("claim_invalid", "roles must be a list")


_REQUIRED = (
    (c.VERSION, "version_missing"),
    (c.MESSAGE_TYPE, "message_type_missing"),
    (c.DEPLOYMENT_ID, "deployment_missing"),
    ("sub", "sub_missing"),
    (c.ROLES, "roles_missing"),
    (c.TARGET_LINK_URI, "claim_missing"),
)
"""In this order, each claim with the code of its absence; `roles: []` is present (LTI-G05)."""


def read_message(claims: Mapping[str, Any]) -> LaunchMessage:
    """The parts we use of claims that passed `verify_message`; odd optional parts are empty."""
    link, context = c.part(claims, c.RESOURCE_LINK), c.part(claims, c.CONTEXT)
    platform = c.part(claims, c.TOOL_PLATFORM)
    presentation = c.part(claims, c.LAUNCH_PRESENTATION)
    return LaunchMessage(
        message_type=c.text(claims[c.MESSAGE_TYPE]),
        deployment_id=claims[c.DEPLOYMENT_ID],
        target_link_uri=c.text(claims[c.TARGET_LINK_URI], 4000),
        person=_read_person(claims),
        roles=read_roles(c.strings(claims[c.ROLES])),
        resource_link_id=c.text(link.get("id"), 255),
        resource_link_title=c.text(link.get("title")),
        context_id=c.text(context.get("id"), 255),
        context_label=c.text(context.get("label")),
        context_title=c.text(context.get("title")),
        context_types=c.strings(context.get("type")),
        custom={str(key): c.text(value) for key, value in c.part(claims, c.CUSTOM).items()},
        ags=_read_ags(claims),
        return_url=read_web_url(presentation.get("return_url")),
        locale=c.text(presentation.get("locale"), 35),
        platform_family=c.text(platform.get("product_family_code"), 80).lower(),
        platform_name=c.text(platform.get("name"), 200),
        memberships_url=read_web_url(c.part(claims, c.NAMES_ROLES).get("context_memberships_url")),
    )


def find_item(message: LaunchMessage) -> str:
    """The key of the item to open, or "".

    `custom.sc_item` in any case (Moodle sends each key as written and lower-cased), else
    `/launch/<key>` or `?sc_item=<key>` of target_link_uri. A variable that the platform did not
    replace ("$ResourceLink.id") counts as absent (moodle.md 3).
    """
    chosen = find_custom(message, "sc_item")
    if chosen:
        return chosen
    target = urlsplit(message.target_link_uri)
    in_query = parse_qs(target.query).get("sc_item", [""])[0]
    in_path = target.path.partition("/launch/")[2].strip("/")
    return in_query or in_path


def find_version(message: LaunchMessage) -> int | None:
    """The version of the item that the link names (`sc_version`); None: the current one."""
    in_query = parse_qs(urlsplit(message.target_link_uri).query).get("sc_version", [""])[0]
    return read_version(find_custom(message, "sc_version") or in_query)


def find_custom(message: LaunchMessage, name: str) -> str:
    """A custom parameter by its lower-case name, or ""; a variable that the platform does not
    know comes as it was written ("$ResourceLink.id.history") and counts as absent."""
    for key, value in message.custom.items():
        if key.lower() == name and value and not value.startswith("$"):
            return value
    return ""


def _read_person(claims: Mapping[str, Any]) -> Person:
    return Person(
        subject=claims["sub"],
        given_name=c.text(claims.get("given_name"), 200),
        family_name=c.text(claims.get("family_name"), 200),
        name=c.text(claims.get("name"), 400),
        email=c.text(claims.get("email"), 320),
    )


def _read_ags(claims: Mapping[str, Any]) -> GradeServiceClaim:
    endpoint = c.part(claims, c.AGS_ENDPOINT)
    return GradeServiceClaim(
        scopes=c.strings(endpoint.get("scope")),
        line_items_url=read_web_url(endpoint.get("lineitems")),
        line_item_url=read_web_url(endpoint.get("lineitem")),
    )
