"""The messages that we take, and what each of them must have besides the common claims."""

from collections.abc import Callable, Mapping
from typing import Any

from pylti1p3.exception import LtiException
from pylti1p3.message_validators.resource_message import ResourceMessageValidator

from lti_app.core.lti import claims as c
from lti_app.core.lti.deep_linking import read_settings
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.submission_review import read_for_user

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW_REQUEST = "LtiSubmissionReviewRequest"


def _check_resource_link(claims: Mapping[str, Any]) -> None:
    _check_link(claims)
    try:
        ResourceMessageValidator().validate(claims)
    except LtiException as error:
        raise Refusal("claim_invalid", str(error)[:200]) from None


def _check_deep_linking(claims: Mapping[str, Any]) -> None:
    read_settings(claims)


def _check_submission_review(claims: Mapping[str, Any]) -> None:
    _check_link(claims)
    read_for_user(claims)


def _check_link(claims: Mapping[str, Any]) -> None:
    if not c.text(c.part(claims, c.RESOURCE_LINK).get("id")):
        raise Refusal("resource_link_missing")


CHECKS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    RESOURCE_LINK_REQUEST: _check_resource_link,
    DEEP_LINKING_REQUEST: _check_deep_linking,
    SUBMISSION_REVIEW_REQUEST: _check_submission_review,
}
"""By `message_type`; any other is refused."""
