"""The address at which somebody plays an attempt: the content origin and a token of ours."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app, url_for

from lti_app.config import Config
from scorm_runtime.core.tokens import Mode, PlayerToken, sign_token


def build_player_address(
    tenant_id: UUID,
    attempt_id: UUID,
    user_id: UUID,
    *,
    launch_ref: str,
    teacher: bool = False,
    mode: Mode = "normal",
    now: datetime,
) -> str:
    """Good for PLAYER_TOKEN_HOURS from `now`; whoever has it plays as that person, or with
    mode "review" looks at what that person did."""
    config: Config = current_app.config["LECTERN"]
    expires_at = now + timedelta(hours=config.player_token_hours)
    token = PlayerToken(
        tenant_id=tenant_id,
        attempt_id=attempt_id,
        user_id=user_id,
        launch_ref=launch_ref,
        mode=mode,
        teacher=teacher,
        expires_at=expires_at.replace(microsecond=0),
    )
    text = sign_token(current_app.config["SECRET_KEY"], token)
    return f"{config.content_url}{url_for('player.page', token=text)}"
