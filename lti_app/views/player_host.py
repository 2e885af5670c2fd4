"""What the player asks its host: the callbacks of `scorm_runtime.views.host.Host`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_app.core.ags import REASONS
from lti_app.core.lti.page_token import LinkGradesToken, sign_page_token
from lti_app.core.lti.return_url import build_return_url
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.grade import Passback
from lti_app.services import (
    content_outcomes,
    launches,
    learning,
    outcomes,
    player_doors,
    registrations,
    reviews,
    users,
)
from lti_app.services.player_doors import Sending
from lti_app.views import unit_doors
from lti_app.views.platform_window import describe_window
from lti_app.views.speaking import speak_to
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.preview import PREVIEW
from scorm_runtime.core.tokens import PlayerToken, name_trace
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.held import get_version
from scorm_runtime.views.host import Chip, Learner


@dataclass(frozen=True)
class PlayerDoors:
    """The host's side of the player."""

    app_url: str
    """Origin of the application, without a slash at the end."""
    secret_key: str

    def learner(self, session: Session, user_id: UUID) -> Learner:
        """Who plays, as "Family, Given" where both are known."""
        return Learner(user_id, users.get_user(session, user_id).sortable_name)

    def is_let_in(self, session: Session, token: PlayerToken) -> bool:
        """Nobody whom an administrator has switched off, or whose platform is."""
        if token.launch_ref in (learning.PORTAL, PREVIEW):
            return player_doors.may_play(session, token.user_id, None)
        if token.mode == "review":
            launch = launches.find_by_reference(session, token.launch_ref)
            return launch is not None and reviews.may_review(session, launch, token.user_id)
        return player_doors.may_play(session, token.user_id, UUID(token.launch_ref))

    def on_outcome(self, session: Session, outcome: Outcome) -> None:
        """An attempt has moved: the funnel."""
        now = datetime.now(UTC)
        outcomes.record_outcome(session, outcome, now=now, app_url=self.app_url)
        content_outcomes.record_attempt(session, outcome, now=now, app_url=self.app_url)

    def exit_url(self, session: Session, token: PlayerToken) -> str:
        """Back to the platform where it said where, else to the portal."""
        attempt = session.get(Attempt, token.attempt_id)
        if token.launch_ref == PREVIEW and attempt is not None:
            return self._tried_version_url(session, attempt)
        unit = attempt and unit_doors.find_way_back(
            session,
            attempt.context_key,
            tenant_id=token.tenant_id,
            launch_ref=token.launch_ref,
            now=datetime.now(UTC),
        )
        if unit:
            return f"{self.app_url}{unit}"
        launch = launches.find_by_reference(session, token.launch_ref)
        if launch is None:
            return f"{self.app_url}/learning"
        if launch.return_url is None:
            return f"{self.app_url}/lti/closed"
        return build_return_url(launch.return_url, log=f"Lectern {name_trace(token)}")

    def _tried_version_url(self, session: Session, attempt: Attempt) -> str:
        number = get_version(session, attempt).number
        return f"{self.app_url}/admin/packages/{attempt.package_id}/versions/{number}"

    def platform_window(self, session: Session, token: PlayerToken) -> str:
        """What the player may say to the platform's page around it. Asked once, when the page is
        made; the page then also speaks the person's language."""
        launch = launches.find_by_reference(session, token.launch_ref)
        speak_to(session, token.user_id, launch)
        return describe_window(session, launch)

    def frame_ancestors(self, session: Session) -> list[str]:
        """Origins of the tenant's platforms."""
        return registrations.list_origins(session)

    def status_chip(self, session: Session, token: PlayerToken) -> Chip | None:
        """What became of the learner's grade; None where no platform waits for one. A preview says
        that it is one."""
        if token.launch_ref == PREVIEW:
            return Chip(_("Preview: nothing counts"), "info", final=True)
        if token.launch_ref == learning.PORTAL or token.mode == "review":
            return None
        sending = player_doors.find_sending(session, token.user_id, UUID(token.launch_ref))
        return None if sending is None else _chip_of(sending)

    def grades_url(self, session: Session, token: PlayerToken) -> str | None:
        """The teacher's page of the resource link."""
        launch = launches.find_by_reference(session, token.launch_ref) if token.teacher else None
        if launch is None or launch.resource_link_id is None:
            return None
        page = LinkGradesToken(
            tenant_id=token.tenant_id,
            resource_link_id=launch.resource_link_id,
            user_id=token.user_id,
            expires_at=token.expires_at,
        )
        return f"{self.app_url}/lti/links/{sign_page_token(self.secret_key, page)}/grades"


def describe_passback(row: Passback) -> str:
    """What the ledger says about a sending, in one translated line."""
    if row.state == "sent":
        return _("Sent")
    reason = _(REASONS[row.reason]) if row.reason else ""
    if row.state == "refused":
        return _("Not taken: %(reason)s", reason=reason)
    if row.state == "superseded":
        return _("Replaced by a newer grade")
    if row.state == "conflict":
        return _("Conflict: %(reason)s", reason=reason)
    if row.state == "kept":
        return reason
    return _("Waiting: %(reason)s", reason=reason) if reason else _("On its way")


def _chip_of(sending: Sending) -> Chip | None:
    if not LaunchRole(sending.role or "none").is_graded or sending.is_test_user:
        return Chip(_("No grade is sent for your role"), "secondary", final=True)
    if not sending.has_line_item or not sending.is_final or sending.state is None:
        return None
    if sending.state == "sent":
        return Chip(_("Grade sent"), "success", final=True)
    if sending.state in ("conflict", "kept"):
        return Chip(_("Your teacher's grade counts"), "info", final=True)
    reason = _(REASONS[sending.reason]) if sending.reason else ""
    if sending.state == "refused":
        return Chip(_("Grade not taken: %(reason)s", reason=reason), "danger", final=True)
    if reason:
        return Chip(_("Grade waiting: %(reason)s", reason=reason), "warning")
    return Chip(_("Grade on its way"), "info")
