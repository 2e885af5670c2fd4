"""Content that a teacher chose for a link on our side, because the platform's link names none."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_app.core.lti.deep_linking import Choice
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.context import ResourceLink
from lti_app.services import launches
from lti_app.services.launch_messages import open_link
from lti_app.services.launches import Accepted


def choose_content(
    session: Session, link: ResourceLink, choice: Choice, *, chosen_by: UUID, now: datetime
) -> None:
    """From now on `link` opens `choice`, unless a launch names something itself."""
    link.package_key, link.item_version = choice.item.key, choice.version
    link.points = choice.points
    link.chosen_by, link.chosen_at = chosen_by, now
    session.flush()


def open_chosen(
    session: Session, link: ResourceLink, launch_id: UUID, user_id: UUID, now: datetime
) -> Accepted:
    """The launch that found no content opens what has been chosen since."""
    launch = launches.get_launch(session, launch_id)
    opened = open_link(session, link, user_id, now)
    launch.reason, launch.attempt_id = opened.problem, opened.attempt_id
    launch.detail = f"chosen here: {link.package_key}"[:200]
    return Accepted(
        launch_id=launch.id,
        user_id=user_id,
        resource_link_id=link.id,
        attempt_id=opened.attempt_id,
        address_path=opened.address_path,
        item=link.package_key or "",
        problem=opened.problem,
        message_type=launch.message_type,
        subject_id=None,
        role=LaunchRole(launch.role),
    )
