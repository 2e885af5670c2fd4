"""Rosters of growing size: time, and the most memory that reading one takes.

python -m benchmarks.lti_roster [--sizes 500 5000 20000] [--page 100]

The real job on a durable PostgreSQL, real requests to a platform in a thread of this process, which
answers in pages. Memory is what Python holds at most while the job runs (tracemalloc) above what it
held before; the platform's own list is made beforehand.
"""

import argparse
import os
import time
import tracemalloc
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from benchmarks.tool_world import tool_world
from database.session import transaction
from lti_app.jobs import platform_jobs as job
from lti_app.models.context import Context
from lti_app.models.grade_service import PlatformJob
from lti_app.models.roster import RosterMember
from lti_app.services import platform_jobs
from tests.conftest import make_tenant
from tests.lti_app.fake_platform import running_platform
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Browser, add_package, add_platform

_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


def make_members(count: int) -> list[dict[str, Any]]:
    """People as a platform tells them."""
    return [
        {
            "user_id": f"person-{at}",
            "status": "Active",
            "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            "name": f"Person {at}",
            "given_name": "Person",
            "family_name": str(at),
            "email": f"person-{at}@example.com",
        }
        for at in range(count)
    ]


def measure(app: Flask, size: int, page: int) -> None:
    """One line of figures."""
    with running_platform() as platform:
        tenant = make_tenant()
        add_platform(tenant, platform)
        add_package(tenant)
        url = f"{platform.issuer}/course/2/memberships?keep=1"
        learner = Learner(
            Browser(app, platform, tenant), **{_CLAIM: {"context_memberships_url": url}}
        )
        platform.services.members, platform.services.page_size = make_members(size), page
        row_id = _schedule(learner)
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        began = time.monotonic()
        job.run(str(tenant), str(row_id))
        taken = time.monotonic() - began
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        with transaction(tenant) as session:
            found = session.scalars(select(func.count()).select_from(RosterMember)).one()
            state = session.get_one(PlatformJob, row_id).state
    requests = len(platform.services.member_requests)
    print(
        f"{found:6} of {size:6} | {requests:5} | {state:7} | {taken:7.1f} | {found / taken:8.0f} | "
        f"{(most - before) / 1e6:10.1f}",
        flush=True,
    )


def _schedule(learner: Learner) -> UUID:
    with transaction(learner.tenant) as session:
        context = session.scalars(select(Context)).one()
        registration = learner.launch.registration_id
        return platform_jobs.schedule(session, "roster", registration, context_id=context.id).id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 5000, 20_000])
    parser.add_argument("--page", type=int, default=100)
    wanted = parser.parse_args()
    with tool_world() as app:
        print("people           | pages | state   | seconds | a second | MB at most")
        for size in (wanted.sizes[0], *wanted.sizes):  # the first one warms up
            measure(app, size, wanted.page)
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
