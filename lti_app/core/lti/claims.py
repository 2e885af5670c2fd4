"""Names of the claims and services of LTI 1.3, and reading them without trusting their shape."""

import re
from collections.abc import Mapping
from typing import Any

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"

MESSAGE_TYPE = _LTI + "message_type"
VERSION = _LTI + "version"
DEPLOYMENT_ID = _LTI + "deployment_id"
TARGET_LINK_URI = _LTI + "target_link_uri"
RESOURCE_LINK = _LTI + "resource_link"
CONTEXT = _LTI + "context"
ROLES = _LTI + "roles"
CUSTOM = _LTI + "custom"
LAUNCH_PRESENTATION = _LTI + "launch_presentation"
TOOL_PLATFORM = _LTI + "tool_platform"
LIS = _LTI + "lis"
EXT = _LTI + "ext"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NAMES_ROLES = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
BASIC_OUTCOME = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"

PREFIX = "https://purl.imsglobal.org/spec/lti"
"""Each claim of LTI and its services begins so."""

Claims = Mapping[str, Any]

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""JSON may hold them, PostgreSQL may not."""


def is_storable(value: str) -> bool:
    """Whether the database takes `value` as it is."""
    return not _UNSTORABLE.search(value)


def clean(value: str) -> str:
    """`value` without what cannot be stored."""
    return _UNSTORABLE.sub("", value)


def text(value: object, limit: int = 1000) -> str:
    """`value` as a trimmed string; numbers are written out, anything else is ""."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return clean(str(value)).strip()[:limit]


def part(claims: Claims, name: str) -> Mapping[str, Any]:
    """The claim `name` when it is an object, else an empty one: optional claims never crash."""
    value = claims.get(name)
    return value if isinstance(value, Mapping) else {}


def strings(value: object) -> tuple[str, ...]:
    """The strings of a list; a single string counts as a list of one."""
    if isinstance(value, str):
        return (clean(value),)
    if not isinstance(value, list):
        return ()
    return tuple(clean(item) for item in value if isinstance(item, str))
