"""What the player's tests stand on: a package of ours, a learner, and a host that only listens."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask_babel import Babel
from sqlalchemy import select

from database.extension import db
from database.session import transaction
from lti_app.models.user import User
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.tokens import PlayerToken, sign_token
from scorm_runtime.extension import ScormRuntime
from scorm_runtime.models.attempt import Attempt, CommitLog
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services.attempts import open_attempt
from scorm_runtime.storage.local import LocalStorage
from scorm_runtime.views.host import Chip, Host, Learner

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CONTENT = Path(__file__).parent / "browser" / "content"
SECRET = "a secret of the tests"
LIFETIME = timedelta(hours=4)


@dataclass
class Listener:
    """The host's side: what it was told, and what it answers."""

    outcomes: list[Outcome] = field(default_factory=list)
    chip: Chip | None = None
    grades: str | None = None
    exit_url: str = "http://app.test/learning"
    lets_in: bool = True
    ancestors: list[str] = field(default_factory=lambda: ["https://lms.test"])

    def host(self, content_url: str = "http://content.test") -> Host:
        return Host(
            transaction=transaction,
            secret_key=SECRET,
            token_lifetime=LIFETIME,
            content_url=content_url,
            app_url="http://app.test",
            learner=lambda session, user: Learner(user, "Sample, Sara"),
            is_let_in=lambda session, token: self.lets_in,
            on_outcome=lambda session, outcome: self.outcomes.append(outcome),
            exit_url=lambda session, token: self.exit_url,
            frame_ancestors=lambda session: self.ancestors,
            status_chip=lambda session, token: self.chip,
            grades_url=lambda session, token: self.grades if token.teacher else None,
        )


def make_app(config: Any, host: Host, storage: LocalStorage) -> Flask:
    """A small application with nothing but the run-time in it."""
    app = Flask("player-tests")
    app.testing = True
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url.replace(
        "postgresql://", "postgresql+psycopg2://"
    )
    db.init_app(app)
    Babel(app)
    ScormRuntime().init_app(app, host=host, storage=storage)
    return app


def make_item(identifier: str = "I1", href: str = "sco.html", **more: Any) -> dict[str, Any]:
    """An item as `Manifest.as_json` lists it among the SCOs."""
    return {
        "identifier": identifier,
        "title": f"Part {identifier}",
        "href": href,
        "launch": href,
        "scorm_type": "sco",
        "is_visible": True,
        "mastery_score": None,
        "max_time_allowed": "",
        "time_limit_action": "",
        "data_from_lms": "",
        **more,
    }


def make_package(
    tenant: UUID, *items: dict[str, Any], storage: LocalStorage | None = None, **version: Any
) -> UUID:
    """A package with one version that plays `items`; its files are `browser/content/`."""
    scos = list(items) or [make_item()]
    prefix = f"packages/{uuid4()}/files/"
    for path in sorted(CONTENT.rglob("*")) if storage else ():
        if storage and path.is_file():
            storage.put(f"{prefix}{path.relative_to(CONTENT).as_posix()}", [path.read_bytes()])
    values: dict[str, Any] = {"standard": "scorm_1_2", "schema_version": "1.2", **version}
    with transaction(tenant) as session:
        package = Package(key=f"p-{uuid4().hex[:8]}", title="A package of the tests")
        session.add(package)
        session.flush()
        row = PackageVersion(
            package_id=package.id,
            number=1,
            manifest={"scos": scos, "items": [{**sco, "items": []} for sco in scos]},
            report=[],
            storage_prefix=prefix,
            entry=scos[0]["href"],
            file_count=1,
            byte_count=1,
            sha256=uuid4().hex * 2,
            zip_key=f"{prefix}zip",
            file_name="test.zip",
            **values,
        )
        session.add(row)
        session.flush()
        package.current_version_id = row.id
        return package.id


def make_user(tenant: UUID) -> UUID:
    with transaction(tenant) as session:
        user = User(given_name="Sara", family_name="Sample", display_name="Sara Sample")
        session.add(user)
        session.flush()
        return user.id


def make_attempt(tenant: UUID, *items: dict[str, Any], **options: Any) -> UUID:
    """An attempt of a new learner on a new package."""
    storage = options.pop("storage", None)
    version = options.pop("version", {})
    package = make_package(tenant, *items, storage=storage, **version)
    user = make_user(tenant)
    with transaction(tenant) as session:
        attempt = open_attempt(
            session, package_id=package, user_id=user, context_key="portal", now=NOW, **options
        )
        return attempt.id


def read_attempt(tenant: UUID, attempt_id: UUID) -> Attempt:
    with transaction(tenant) as session:
        return session.get_one(Attempt, attempt_id)


def read_log(tenant: UUID, attempt_id: UUID) -> list[CommitLog]:
    with transaction(tenant) as session:
        query = select(CommitLog).where(CommitLog.attempt_id == attempt_id)
        return list(session.scalars(query.order_by(CommitLog.created_at, CommitLog.id)))


def make_token(tenant: UUID, attempt_id: UUID, **changes: Any) -> str:
    """A token's text for the learner of `attempt_id`."""
    secret = changes.pop("secret", SECRET)
    user_id = read_attempt(tenant, attempt_id).user_id
    values: dict[str, Any] = {
        "tenant_id": tenant,
        "attempt_id": attempt_id,
        "user_id": user_id,
        "launch_ref": "launch-1",
        "mode": "normal",
        "teacher": False,
        "expires_at": datetime.now(UTC).replace(microsecond=0) + LIFETIME,
        **changes,
    }
    return sign_token(secret, PlayerToken(**values))


def post(client: Any, address: str, body: Any) -> Any:
    """POST as the bridge does: JSON under text/plain."""
    return client.post(address, data=json.dumps(body), content_type="text/plain")


EXPIRED = timedelta(hours=-1)
