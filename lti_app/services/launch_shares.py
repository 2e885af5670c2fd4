"""Links by which one launch is shown to somebody's support: for a while, until taken back."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.core.lti.state import digest
from lti_app.models.launch import Launch, LaunchShare
from lti_app.services.launches import LaunchNotFound, get_launch

LIFETIME = timedelta(days=7)


class ShareOver(LookupError):
    """The link is too old, or was taken back."""

    status_hint = 410


def share_launch(
    session: Session, launch_id: UUID, *, token: str, now: datetime, by: UUID
) -> LaunchShare:
    """Remember a link; `token` is a fresh secret of which only a fingerprint is kept."""
    launch = get_launch(session, launch_id)
    share = LaunchShare(
        launch_id=launch.id, token_hash=digest(token), expires_at=now + LIFETIME, created_by=by
    )
    session.add(share)
    session.flush()
    return share


def list_shares(session: Session, launch_id: UUID, now: datetime) -> list[LaunchShare]:
    """The links of a launch that still work, newest first."""
    return list(
        session.scalars(
            select(LaunchShare)
            .where(
                LaunchShare.launch_id == launch_id,
                LaunchShare.revoked_at.is_(None),
                LaunchShare.expires_at > now,
            )
            .order_by(LaunchShare.id.desc())
        )
    )


def revoke_share(session: Session, share_id: UUID, now: datetime) -> LaunchShare:
    """Take a link back; raises LaunchNotFound."""
    share = session.get(LaunchShare, share_id)
    if share is None:
        raise LaunchNotFound("There is no such link.")
    share.revoked_at = share.revoked_at or now
    session.flush()
    return share


def open_share(session: Session, token: str, now: datetime) -> tuple[LaunchShare, Launch]:
    """The launch that a link shows; raises LaunchNotFound, or ShareOver."""
    share = session.scalar(select(LaunchShare).where(LaunchShare.token_hash == digest(token)))
    if share is None:
        raise LaunchNotFound("There is no such report.")
    if share.revoked_at is not None or now >= share.expires_at:
        raise ShareOver("This report is over: ask whoever sent you the link for a new one.")
    return share, get_launch(session, share.launch_id)
