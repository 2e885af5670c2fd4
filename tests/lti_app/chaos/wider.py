"""A storm that reaches further: the token endpoint, the roster, and PostgreSQL killed as a whole.

Only for a database of its own: a server process that is killed takes all connections with it, and
PostgreSQL recovers from its log.
"""

import os
import signal
from contextlib import suppress
from typing import Any, ClassVar

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from database.session import transaction
from lti_app.models.context import Context
from lti_app.models.grade_service import PlatformJob
from lti_app.models.roster import RosterMember
from lti_app.services import platform_jobs
from tests.lti_app.chaos.storm import Storm

_TOKEN_FAULTS = ("500", "503", "429", "400", "page", "drop", "reset", "garble", "withdrawn")
_MEMBER_FAULTS = ("500", "503", "429", "drop", "reset", "garble", "page")
_PEOPLE, _PAGE = 240, 20


class WiderStorm(Storm):
    """As Storm, and more of it."""

    events: ClassVar[dict[str, int]] = {**Storm.events, "tokens": 2, "roster": 2, "postgres": 1}

    def spoil(self) -> None:
        super().spoil()
        services = self.platform.services
        services.members = [_member(at) for at in range(_PEOPLE)]
        services.page_size = _PAGE
        self.platform.choose_token_fault = lambda: self._choose("token", _TOKEN_FAULTS, 0.3)
        services.choose_member_fault = lambda: self._choose("roster", _MEMBER_FAULTS, 0.1)

    def calm(self) -> None:
        super().calm()
        self.platform.choose_token_fault = lambda: ""
        self.platform.services.choose_member_fault = lambda: ""

    def happen_also(self, event: str) -> None:
        if event == "tokens":
            self.platform.tokens.clear()
        elif event == "roster":
            with suppress(DBAPIError):
                self._ask_for_roster()
        elif event == "postgres":
            with suppress(DBAPIError), self.outside.connect() as outside:
                os.kill(outside.scalar(text("SELECT pg_backend_pid()")), signal.SIGKILL)

    def count_open(self) -> int:
        """Grades, and rosters that are being read."""
        found = super().count_open()
        if found:
            return found
        try:
            with transaction(self.tenant) as session:
                states = PlatformJob.state.in_(("waiting", "running"))
                return len(session.scalars(select(PlatformJob.id).where(states)).all())
        except DBAPIError:
            return 1

    def judge(self) -> None:
        """Each last grade once, and everybody of the roster once."""
        super().judge()
        with transaction(self.tenant) as session:
            jobs = list(session.scalars(select(PlatformJob).order_by(PlatformJob.id)))
            subjects = list(session.scalars(select(RosterMember.subject)))
        wrong = [f"roster: {job.state} ({job.error})" for job in jobs if job.state != "done"]
        if jobs and sorted(subjects) != sorted(f"person-{at}" for at in range(_PEOPLE)):
            wrong.append(f"roster: {len(set(subjects))} of {_PEOPLE} people")
        self.report.happened["rosters read"] = len(jobs)
        self.report.wrong += wrong

    def _ask_for_roster(self) -> None:
        with transaction(self.tenant) as session:
            context = session.scalars(select(Context)).one()
            registration = self.learners[0].launch.registration_id
            assert registration is not None
            platform_jobs.schedule(session, "roster", registration, context_id=context.id)

    def _choose(self, what: str, faults: tuple[str, ...], share: float) -> str:
        if self.at_platform.random() >= share:
            return ""
        fault = self.at_platform.choice(faults)
        self.report.happened[f"{what} {fault}"] += 1
        return fault


def _member(at: int) -> dict[str, Any]:
    roles = ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    return {"user_id": f"person-{at}", "status": "Active", "roles": roles}
