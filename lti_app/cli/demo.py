"""`flask demo load`: the demo tenant, its people and packages, the Demo LMS as a platform.

Everything here is looked for before it is made, so loading twice changes nothing, and what
somebody has changed by hand stays changed. Production never calls it.
"""

import hashlib
import hmac
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from content import samples
from content.samples.build import KEYS, SETTINGS, build_sample
from database.session import transaction
from lti_app.cli.content import find_courses, sync_one
from lti_app.cli.packages import import_file
from lti_app.config import Config
from lti_app.core.lti.registration import NewRegistration
from lti_app.core.permissions import Role
from lti_app.services.registrations import find_registration, register
from lti_app.services.tenants import ensure_tenant
from lti_app.services.users import create_user, find_user_by_email
from scorm_runtime.models.import_job import ImportState
from scorm_runtime.services.package_settings import change_settings
from scorm_runtime.services.packages import find_package_by_key
from xapi_lrs.services.credentials import create_credential, list_credentials
from xapi_lrs.services.stores import ensure_store

PASSWORD = "lectern-demo"  # noqa: S105 (known to everybody, on purpose)
PEOPLE = (
    ("admin@demo.lectern.test", "Ada", "Admin", Role.TENANT_ADMINISTRATOR),
    ("teacher@demo.lectern.test", "Theo", "Teacher", Role.INSTRUCTOR),
    ("learner@demo.lectern.test", "Lea", "Learner", Role.LEARNER),
)
CLIENT_ID = "lectern-demo"
CREDENTIAL = "Demo credential"
COURSES = Path(samples.__file__).parent / "courses"

demo = AppGroup("demo", help="The demo material.")


@demo.command("load")
def load() -> None:
    """Load what is missing of the demo material; loading it twice changes nothing."""
    load_demo(current_app.config["LECTERN"])
    click.echo("The demo material is loaded.")


def load_demo(config: Config) -> None:
    """Load what is missing into the tenant DEFAULT_TENANT; raises click.ClickException."""
    with transaction(None) as session:
        tenant_id = ensure_tenant(session, config.default_tenant, "Lectern demo school").id
    with transaction(tenant_id) as session:
        _load_people(session)
        _load_platform(session, config)
        secret = _load_credential(session, config)
    if secret:
        _leave_credential(config, *secret)
    for key in KEYS:
        _load_package(tenant_id, key)
    _load_courses(tenant_id)


def _load_people(session: Session) -> None:
    for email, given_name, family_name, role in PEOPLE:
        if find_user_by_email(session, email) is None:
            create_user(
                session,
                email=email,
                password=PASSWORD,
                given_name=given_name,
                family_name=family_name,
                role=role,
            )


def _load_platform(session: Session, config: Config) -> None:
    url = config.demo_lms_url
    if not url or find_registration(session, url, CLIENT_ID) is not None:
        return
    new = NewRegistration(
        issuer=url,
        client_id=CLIENT_ID,
        auth_login_url=f"{url}/lti/authorize",
        token_url=f"{url}/lti/token",
        jwks_url=f"{url}/lti/jwks",
        name="Demo LMS",
        deployments=("1",),
    )
    register(session, new)


def _load_credential(session: Session, config: Config) -> tuple[str, str] | None:
    store = ensure_store(session)
    if any(known.name == CREDENTIAL for known in list_credentials(session, store)):
        return None

    def derived(size: int) -> bytes:
        # From the secret key: the same installation always has the same demo credential.
        text = f"demo credential {size}".encode()
        return hmac.digest(config.secret_key.encode(), text, hashlib.sha256)[:size]

    made, secret = create_credential(
        session, store, name=CREDENTIAL, scopes=["all"], now=datetime.now(UTC), random=derived
    )
    return made.key, secret


def _leave_credential(config: Config, key: str, secret: str) -> None:
    path = config.data_folder / "lrs-demo-credential.txt"
    text = f"endpoint  {config.app_url}/xapi/default/\nkey       {key}\nsecret    {secret}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)


def _load_package(tenant_id: UUID, key: str) -> None:
    built = build_sample(key)
    with transaction(tenant_id) as session:
        known = find_package_by_key(session, key)
        digest = hashlib.sha256(built).hexdigest()
        if known and known.current_version and known.current_version.sha256 == digest:
            return
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{key}.zip"
        file.write_bytes(built)
        job = import_file(tenant_id, file, key=key, publish=True)
    if job.state == ImportState.FAILED:
        raise click.ClickException(f"The demo package {key} was refused: {job.error_message}")
    if known is None and key in SETTINGS:
        with transaction(tenant_id) as session:
            made = find_package_by_key(session, key)
            if made is not None:
                change_settings(session, made.id, SETTINGS[key], made_by=None)


def _load_courses(tenant_id: UUID) -> None:
    with transaction(tenant_id) as session:
        teacher = find_user_by_email(session, "teacher@demo.lectern.test")
        by = teacher.id if teacher else None
    for folder in find_courses(COURSES):
        sync_one(tenant_id, folder, publish=True, by=by)
