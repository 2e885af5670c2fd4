"""A record store with something in it, for tests of its pages."""

import secrets
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert

from database.session import transaction
from lti_app.models.record_job import RecordJobKind
from lti_app.services import record_jobs
from xapi_lrs.models.rejection import Rejection
from xapi_lrs.services.credentials import create_credential
from xapi_lrs.services.statements import store_statements
from xapi_lrs.services.stores import ensure_store

AUTHORITY = {"account": {"homePage": "https://lectern.test", "name": "vendor"}, "name": "Vendor"}
VERBS = ("initialized", "answered", "completed", "passed", "failed", "suspended")


def make_statement(number: int, verb: str = "", **more) -> dict:
    """A plain statement; `number` chooses the person and the verb."""
    name = verb or VERBS[number % len(VERBS)]
    return {
        "id": str(uuid4()),
        "actor": {
            "mbox": f"mailto:learner{number % 3}@school.test",
            "name": f"Learner {number % 3}",
        },
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{name}", "display": {"en": name}},
        "object": {
            "id": f"https://vendor.test/course/{number % 2}",
            "definition": {"name": {"en": f"Course {number % 2}", "de": f"Kurs {number % 2}"}},
        },
        **more,
    }


def furnish_records(tenant: UUID, by: UUID) -> dict[str, str]:
    """Fill the default store; addresses of its pages, by what they are about."""
    now = datetime.now(UTC)
    with transaction(tenant) as session:
        store = ensure_store(session)
        bodies = [make_statement(number) for number in range(12)]
        bodies[3]["result"] = {"score": {"scaled": 0.87}, "success": True, "completion": True}
        voiding = make_statement(0, "voided")
        voiding["object"] = {"objectType": "StatementRef", "id": bodies[0]["id"]}
        store_statements(session, store, [*bodies, voiding], authority=AUTHORITY, now=now)
        create_credential(session, store, name="Vendor", now=now, random=secrets.token_bytes)
        session.execute(
            insert(Rejection).values(
                store_id=store.id,
                credential_name="Vendor",
                method="POST",
                path="/xapi/default/statements",
                query="",
                headers={"X-Experience-API-Version": "1.0.3"},
                status=400,
                code="invalid_statements",
                message="actor: is missing (XAPI-00003)",
                details=[{"path": "actor", "rule": "XP-22", "message": "is missing"}],
                body='{"verb": {}}',
                body_bytes=12,
            )
        )
        job = record_jobs.schedule(
            session,
            store.id,
            RecordJobKind.EXPORT,
            asked={"filter": [], "form": "csv"},
            created_by=by,
        )
        return {
            "records": "/admin/records/",
            "store": "/admin/records/default/",
            "statements": "/admin/records/default/statements",
            "statement": f"/admin/records/default/statements/{bodies[3]['id']}",
            "voided": f"/admin/records/default/statements/{bodies[0]['id']}",
            "refused": "/admin/records/default/refused",
            "record job": f"/admin/records/default/jobs/{job.id}",
        }
