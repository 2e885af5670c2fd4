"""Somebody who launched and now finishes things; jobs run when the test says so."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from database.session import transaction
from lti_app import queue
from lti_app.jobs import passback as job
from lti_app.models.grade import Passback, PassbackTry
from lti_app.models.grade_service import GradeService
from lti_app.models.launch import Launch
from lti_app.platform_client import connector, http
from lti_app.services import outcomes
from scorm_runtime.core.outcome import Outcome
from tests.lti_app.lti_fixtures import Browser

APP_URL = "http://localhost:8000"


class Learner:
    """One person's attempt at one activity."""

    def __init__(self, browser: Browser, **claims: Any) -> None:
        self.browser, self.tenant, self.platform = browser, browser.tenant, browser.platform
        self.token = browser.token_of(browser.launch(**claims))
        self.number, self.subject = 0, claims.get("sub", "stan")
        with transaction(self.tenant) as session:
            self.launch = session.get_one(Launch, UUID(self.token.launch_ref))

    def outcome(self, **changes: Any) -> Outcome:
        self.number += 1
        made = Outcome(
            attempt_id=self.token.attempt_id,
            registration=self.token.attempt_id,
            user_id=self.token.user_id,
            package_id=uuid4(),
            package_version_id=uuid4(),
            context_key=f"link:{self.launch.resource_link_id}",
            activity_key="demo",
            title="Fire safety",
            attempt_number=1,
            mode="normal",
            completion="completed",
            success="passed",
            score_scaled=0.8,
            score_raw=80.0,
            score_min=0.0,
            score_max=100.0,
            total_seconds=61.5,
            occurred_at=datetime.now(UTC),
            commit_number=self.number,
            writer=1,
            events=("completed", "passed", "scored"),
            interactions=(),
            launch_ref=self.token.launch_ref,
        )
        return replace(made, **changes)

    def finish(self, **changes: Any) -> UUID | None:
        """Report an outcome; returns the passback row it made."""
        with transaction(self.tenant) as session:
            recorded = outcomes.record_outcome(
                session, self.outcome(**changes), now=datetime.now(UTC), app_url=APP_URL
            )
        return recorded.passback_id

    def send(self, row_id: UUID | None) -> Passback:
        assert row_id is not None
        later = job.send_one(self.tenant, row_id)
        if later is not None and later.seconds <= job.PATIENCE:
            time.sleep(later.seconds + 0.01)
            job.send_one(self.tenant, row_id)
        return self.row(row_id)

    def row(self, row_id: UUID) -> Passback:
        with transaction(self.tenant) as session:
            return session.get_one(Passback, row_id)

    def tries(self, row_id: UUID) -> list[PassbackTry]:
        with transaction(self.tenant) as session:
            rows = select(PassbackTry).where(PassbackTry.passback_id == row_id)
            return list(session.scalars(rows.order_by(PassbackTry.number)))

    def make_due(self, row_id: UUID) -> None:
        """Let the waiting time, the lease, or a pause of the platform, be over."""
        with transaction(self.tenant) as session:
            session.execute(
                update(Passback)
                .where(Passback.id == row_id)
                .values(due_at=datetime.now(UTC) - timedelta(seconds=1))
            )
            session.execute(update(GradeService).values(paused_until=None))

    @property
    def grade(self) -> dict[str, Any]:
        return self.platform.grades["stan"]


@pytest.fixture
def learner(browser: Browser) -> Learner:
    return Learner(browser)


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Short time limits, no token from another test, and a queue that only remembers."""
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(http, "TIMEOUT", (5.0, 3.0))
    monkeypatch.setattr(connector.TOKENS, "_tokens", {})
    monkeypatch.setattr(queue, "enqueue", lambda *args: asked.append(args) or True)
    return asked
