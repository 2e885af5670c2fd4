"""Where the browser goes after an accepted launch: a table by message type."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from flask import redirect
from flask.typing import ResponseReturnValue

from lti_app.core.lti.message_types import (
    DEEP_LINKING_REQUEST,
    RESOURCE_LINK_REQUEST,
    SUBMISSION_REVIEW_REQUEST,
)
from lti_app.core.lti.roles import LaunchRole
from lti_app.services.launch_messages import may_choose_content
from lti_app.services.launches import Accepted
from lti_app.views import lti_pages, unit_doors
from lti_app.views.frame_pages import build_frame_address
from lti_app.views.player_address import build_player_address


def answer(accepted: Accepted, tenant_id: UUID, now: datetime) -> ResponseReturnValue:
    """A redirect to what the message asked for, or a page that says why nothing opens."""
    return ANSWERS[accepted.message_type](accepted, tenant_id, now)


def _play(accepted: Accepted, tenant_id: UUID, now: datetime) -> ResponseReturnValue:
    link_id = accepted.resource_link_id
    if accepted.problem == "content_missing" and link_id and may_choose_content(accepted.role):
        return _frame("link_content.pick", "content", accepted, link_id, tenant_id, now)
    if accepted.problem or accepted.subject_id is not None:
        return _review(accepted, tenant_id, now)
    if accepted.role is LaunchRole.MENTOR and link_id:
        return _frame("reviews.mentor", "mentor", accepted, link_id, tenant_id, now)
    return open_content(accepted, tenant_id, now)


def open_content(accepted: Accepted, tenant_id: UUID, now: datetime) -> ResponseReturnValue:
    """To the player, or to the page of native content."""
    if accepted.attempt_id is None:
        return redirect(unit_doors.build_launched_address(accepted, tenant_id, now), 303)
    address = build_player_address(
        tenant_id,
        accepted.attempt_id,
        accepted.user_id,
        launch_ref=str(accepted.launch_id),
        teacher=accepted.is_teacher,
        now=now,
    )
    return redirect(address, 303)


def _choose(accepted: Accepted, tenant_id: UUID, now: datetime) -> ResponseReturnValue:
    assert accepted.subject_id is not None  # noqa: S101  the handler made a row
    subject_id = accepted.subject_id
    return _frame("deep_linking.pick", "picker", accepted, subject_id, tenant_id, now)


def _review(accepted: Accepted, tenant_id: UUID, now: datetime) -> ResponseReturnValue:
    if accepted.problem or accepted.subject_id is None:
        return lti_pages.problem_page(accepted)
    subject_id = accepted.subject_id
    return _frame("reviews.index", "review", accepted, subject_id, tenant_id, now)


def _frame(
    endpoint: str, page: str, accepted: Accepted, subject: UUID, tenant_id: UUID, now: datetime
) -> ResponseReturnValue:
    address = build_frame_address(endpoint, page, accepted, subject, tenant_id, now)
    return redirect(address, 303)


ANSWERS: Mapping[str, Callable[[Accepted, UUID, datetime], ResponseReturnValue]] = {
    RESOURCE_LINK_REQUEST: _play,
    DEEP_LINKING_REQUEST: _choose,
    SUBMISSION_REVIEW_REQUEST: _review,
}
