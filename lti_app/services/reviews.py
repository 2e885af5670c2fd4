"""Looking at somebody's work in one link: a teacher's review, and what a mentor sees.

Only people of the link are shown, and only what they did in this link; whether the viewer still may
is asked at each request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.core.lti import claims as c
from lti_app.core.lti.message_types import RESOURCE_LINK_REQUEST, SUBMISSION_REVIEW_REQUEST
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.context import Context, LinkMember, ResourceLink
from lti_app.models.grade import Grade
from lti_app.models.launch import Launch
from lti_app.models.user import User
from lti_app.services import admission, grades, resource_links
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.attempt_report import AttemptInteraction
from scorm_runtime.models.package import Package

ROLE_SCOPE_MENTOR = "https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor"
MOST_ANSWERS = 500
_REVIEWING = (SUBMISSION_REVIEW_REQUEST, RESOURCE_LINK_REQUEST)
"""The second: at an address that went with a score (CANVAS-27)."""


class ReviewNotFound(LookupError):
    """There is nothing here that this person may look at."""

    status_hint = 404


@dataclass(frozen=True)
class Work:
    """What one person did in one link."""

    link: ResourceLink
    context: Context | None
    learner: User
    grade: Grade | None
    attempts: Sequence[tuple[Attempt, Package]]
    """The newest first."""


def get_review(session: Session, launch_id: UUID, teacher_id: UUID, learner_id: UUID) -> Work:
    """The work that a review launch asked for; raises ReviewNotFound."""
    launch = session.get(Launch, launch_id)
    if (
        launch is None
        or launch.user_id != teacher_id
        or not may_review(session, launch, learner_id)
    ):
        raise ReviewNotFound("There is no such work.")
    assert launch.resource_link_id is not None  # noqa: S101  may_review has looked
    return _get_work(session, launch.resource_link_id, learner_id)


def find_learner(session: Session, link_id: UUID, attempt_id: UUID) -> UUID | None:
    """Whose attempt in the link that is; None: nobody's."""
    place = resource_links.context_key(link_id)
    of_attempt = select(Attempt.user_id).where(
        Attempt.id == attempt_id, Attempt.context_key == place
    )
    of_grade = select(Grade.user_id).where(
        Grade.attempt_id == attempt_id, Grade.resource_link_id == link_id
    )
    return session.scalar(of_attempt.union(of_grade).limit(1))


def may_review(session: Session, launch: Launch, learner_id: UUID) -> bool:
    """Whether `launch` may have been a teacher's wish to review, its person still teaches the
    link, and the learner is somebody of the same link."""
    link_id, teacher_id = launch.resource_link_id, launch.user_id
    if launch.message_type not in _REVIEWING or link_id is None or teacher_id is None:
        return False
    teacher = resource_links.find_member(session, link_id, teacher_id)
    if teacher is None or not LaunchRole(teacher.role).is_teacher:
        return False
    is_member = resource_links.find_member(session, link_id, learner_id) is not None
    return is_member and admission.may_see_link(session, teacher_id, link_id)


def list_mentees(session: Session, launch_id: UUID, mentor_id: UUID) -> list[Work]:
    """The work of those whom a mentor's launch named, in its link; raises ReviewNotFound
    (LTI-R4)."""
    launch = session.get(Launch, launch_id)
    if launch is None or launch.user_id != mentor_id or launch.resource_link_id is None:
        raise ReviewNotFound("There is no such page.")
    link_id = launch.resource_link_id
    mentor = resource_links.find_member(session, link_id, mentor_id)
    if mentor is None or LaunchRole(mentor.role) is not LaunchRole.MENTOR:
        raise ReviewNotFound("There is no such page.")
    if not admission.may_see_link(session, mentor_id, link_id):
        raise ReviewNotFound("There is no such page.")
    subjects = c.strings(launch.claims.get(ROLE_SCOPE_MENTOR))
    members = session.scalars(
        select(LinkMember)
        .join(User, User.id == LinkMember.user_id)
        .where(LinkMember.resource_link_id == link_id, LinkMember.subject.in_(subjects))
        .order_by(User.family_name, User.given_name, User.display_name)
    )
    return [_get_work(session, link_id, member.user_id) for member in members]


def list_answers(session: Session, attempt: Attempt) -> Sequence[AttemptInteraction]:
    """What was answered in an attempt, in its order."""
    return session.scalars(
        select(AttemptInteraction)
        .where(AttemptInteraction.attempt_id == attempt.id)
        .order_by(AttemptInteraction.item, AttemptInteraction.position)
        .limit(MOST_ANSWERS)
    ).all()


def _get_work(session: Session, link_id: UUID, learner_id: UUID) -> Work:
    link = resource_links.get_resource_link(session, link_id)
    rows = session.execute(
        select(Attempt, Package)
        .join(Package, Package.id == Attempt.package_id)
        .where(
            Attempt.user_id == learner_id,
            Attempt.context_key == resource_links.context_key(link_id),
        )
        .order_by(Attempt.id.desc())
    )
    return Work(
        link=link,
        context=resource_links.find_context(session, link),
        learner=session.get_one(User, learner_id),
        grade=grades.find_link_grade(session, link_id, learner_id),
        attempts=[(attempt, package) for attempt, package in rows],
    )
