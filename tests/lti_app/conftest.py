"""A person in front of the portal: their tenant has a host name, their client keeps cookies."""

import re
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from content.samples.build import build_sample
from database.session import transaction
from lti_app import storage
from lti_app.core.permissions import Role
from lti_app.jobs import imports
from lti_app.models.tenant import Tenant
from lti_app.services.users import create_user
from scorm_runtime.models.import_job import PublishPolicy
from scorm_runtime.services import packages
from tests.lti_app.learner import doors, learner  # noqa: F401
from tests.lti_app.lti_fixtures import browser, package, platform, registration  # noqa: F401

PASSWORD = "a good long password"


@dataclass
class Portal:
    """A browser on one tenant's portal."""

    app: Flask
    client: FlaskClient
    tenant: UUID
    origin: str

    def get(self, path: str, **kwargs) -> TestResponse:
        return self._open("GET", path, **kwargs)

    def post(self, path: str, data=None, *, form: str = "", **kwargs) -> TestResponse:
        """Send a form with the CSRF token of the page `form`."""
        token = self.csrf_token(form or "/account")
        return self._open("POST", path, data={**(data or {}), "csrf_token": token}, **kwargs)

    def csrf_token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        return found[1] if found else ""

    def add(self, role: Role, email: str = "", name: str = "Ada Lovelace") -> UUID:
        given, _, family = name.partition(" ")
        with transaction(self.tenant) as session:
            return create_user(
                session,
                email=email or f"{role.value}@school.test",
                password=PASSWORD,
                given_name=given,
                family_name=family,
                role=role,
            ).id

    def sign_in(self, email: str, password: str = PASSWORD, **data) -> TestResponse:
        form = {"email": email, "password": password, **data}
        return self.post("/sign-in", form, form="/sign-in")

    def sign_in_as(self, role: Role) -> UUID:
        user_id = self.add(role)
        assert self.sign_in(f"{role.value}@school.test").status_code == 303
        return user_id

    def _open(self, method: str, path: str, **kwargs) -> TestResponse:
        # A context of its own: `g` would otherwise live as long as the test.
        with self.app.app_context():
            return self.client.open(path, method=method, base_url=self.origin, **kwargs)


@pytest.fixture
def portal(app: Flask, tenant: UUID) -> Portal:
    """Nobody is signed in yet."""
    domain = f"{tenant.hex}.test"
    with transaction(None) as session:
        session.execute(update(Tenant).where(Tenant.id == tenant).values(domain=domain))
    return Portal(app, app.test_client(), tenant, f"http://{domain}")


def stock(portal: Portal, sample: str = "demo-page-turner", *, by: UUID | None = None) -> UUID:
    """A demo package, imported into the tenant; its id."""
    with transaction(portal.tenant) as session:
        stored = packages.receive_upload(
            storage.storage(), uuid4(), [build_sample(sample)], max_bytes=10_000_000
        )
        job = packages.schedule_import(
            session,
            file_name=f"{sample}.zip",
            stored_key=stored,
            created_by=by,
            package_key=sample,
            publish=PublishPolicy.ALWAYS,
        )
    imports.run(str(portal.tenant), str(job.id))
    with transaction(portal.tenant) as session:
        found = packages.find_package_by_key(session, sample)
        assert found is not None
        return found.id


def publish(portal: Portal, package_id: UUID) -> None:
    """Put it in the catalogue."""
    with transaction(portal.tenant) as session:
        packages.publish_package(session, package_id)
