"""From the token in the path to the attempt that it opens."""

from sqlalchemy.orm import Session

from scorm_runtime.core.tokens import PlayerToken, TokenWithdrawn
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.attempts import AttemptMissing, get_attempt
from scorm_runtime.services.entrance import enter_attempt
from scorm_runtime.views.host import Host


def admit(host: Host, session: Session, permit: PlayerToken, *, locks: bool = False) -> Attempt:
    """The permit's attempt; raises TokenWithdrawn where the host lets its person in no more, and
    AttemptMissing, also for somebody else's attempt. `locks` where the attempt is going to be
    changed."""
    attempt = (enter_attempt if locks else get_attempt)(session, permit.attempt_id)
    if attempt.user_id != permit.user_id:
        raise AttemptMissing(f"there is no attempt {permit.attempt_id} of this person")
    if not host.is_let_in(session, permit):
        raise TokenWithdrawn(permit)
    return attempt
