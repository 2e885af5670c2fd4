"""The administrator's first page: what waits for a person, each a way there."""

from datetime import UTC, datetime
from uuid import UUID

from content.models.enrolment import Submission
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.notification import Mail
from lti_app.models.user import User
from tests.content.courses import document, enrol, publish, unit

NOW = datetime.now(UTC)


def wait(portal) -> UUID:
    """An assignment that was handed in and a mail that failed; the course."""
    with transaction(portal.tenant) as session:
        user = User(display_name="Ada", email="ada@school.test")
        session.add(user)
        session.flush()
        task = unit("assignment")
        course = publish(session, document(task, title="Fire & water"))
        enrolment = enrol(session, course, user.id)
        session.add(
            Submission(
                enrolment_id=enrolment.id,
                unit_id=UUID(task["id"]),
                number=1,
                state="submitted",
                submitted_at=NOW,
            )
        )
        data = {"course": "Fire"}
        session.add(
            Mail(
                user_id=user.id, kind="enrolled", data=data, state="failed", due_at=NOW, error="no"
            )
        )
        return course.id


def test_what_waits_is_told_with_a_way_there(portal):
    """Nobody looks for it on five pages."""
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    assert "no work to grade, no grade, mail or job that failed" in portal.get("/admin/").text
    course_id = wait(portal)
    page = portal.get("/admin/").text
    assert "1 work handed in at “Fire &amp; water” waits for a grade" in page
    assert f'href="/admin/courses/{course_id}/grading/"' in page
    assert "1 mail could not be sent" in page
    failed = portal.get("/admin/mails/?state=failed").text
    assert "You are enrolled in “Fire”" in failed


def test_only_what_the_visitor_may_do_is_told(portal):
    """An author sends no mails."""
    wait(portal)
    portal.sign_in_as(Role.CONTENT_CREATOR)
    page = portal.get("/admin/").text
    assert "could not be sent" not in page
    assert "waits for a grade" not in page
