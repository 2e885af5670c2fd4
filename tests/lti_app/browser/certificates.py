"""A learner with a certificate, notices and a course with dates, for the browser tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from content.core.outcome import UnitResult
from content.services import certificates
from content.services.progress import record_unit_result
from database.session import transaction
from lti_app.services.content_outcomes import record_content_outcomes
from tests.content.courses import document, enrol, publish, unit


def furnish_certificates(tenant: UUID, learner: UUID) -> dict[str, str]:
    """Addresses of the pages about them."""
    now = datetime.now(UTC)
    lesson, diary = unit(title="Read"), unit("assignment", title="Plant diary", due={"days": 2})
    with transaction(tenant) as session:
        fire = document(lesson, title="Fire safety", certificate=True, certificate_valid_days=365)
        enrolment = enrol(session, publish(session, fire), learner, now=now)
        result = UnitResult("completed", "passed", 0.9)
        moved = record_unit_result(session, enrolment.id, UUID(lesson["id"]), result, now)
        record_content_outcomes(session, moved, now, "http://localhost:8000")
        plants = publish(session, document(diary, title="Plants of this house"))
        enrol(session, plants, learner, now=now - timedelta(hours=1))
        row = certificates.list_own(session, learner)[0]
    return {
        "certificate": f"/certificates/{row.id}",
        "learner's certificate": f"/admin/certificates/{row.id}",
        "verified": f"/verify/{row.number}",
    }
