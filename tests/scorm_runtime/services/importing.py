"""Helpers for tests of imports: a storage, a clock that runs, one call for the whole way."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from database.session import transaction
from scorm_runtime.models.import_job import ImportJob, PublishPolicy
from scorm_runtime.services import packages
from scorm_runtime.storage.local import LocalStorage

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class RunningClock:
    """Each look at it is a quarter of a second later."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=0.25)
        return self.time


class Workshop:
    """Imports zips into one tenant."""

    def __init__(self, tenant: UUID, folder: Path) -> None:
        self.tenant = tenant
        self.folder = folder
        self.storage = LocalStorage(folder / "storage")
        self.clock = RunningClock()

    def transaction(self) -> AbstractContextManager[Session]:
        return transaction(self.tenant)

    def schedule(
        self,
        data: bytes,
        name: str = "course.zip",
        key: str = "",
        publish: PublishPolicy = PublishPolicy.ALWAYS,
    ) -> UUID:
        stored = packages.receive_upload(self.storage, uuid4(), [data], max_bytes=10**9)
        with self.transaction() as session:
            return packages.schedule_import(
                session,
                file_name=name,
                stored_key=stored,
                created_by=None,
                package_key=key,
                publish=publish,
            ).id

    def run(self, job_id: UUID, **options: object) -> ImportJob:
        run = partial(packages.run_import, self.transaction, self.storage, job_id)
        run(now=self.clock, **options)
        return self.job(job_id)

    def bring_in(
        self, data: bytes, name: str = "course.zip", key: str = "", **options
    ) -> ImportJob:
        return self.run(self.schedule(data, name, key), **options)

    def job(self, job_id: UUID) -> ImportJob:
        with self.transaction() as session:
            job = packages.get_import(session, job_id)
            if job.package_version is not None:
                assert job.package_version.package is not None  # loaded while the session is open
            return job

    def files(self) -> list[str]:
        """Everything in the folder, the storage's temporary files included."""
        return sorted(str(p.relative_to(self.folder)) for p in self._walk())

    def _walk(self) -> Iterator[Path]:
        return (path for path in self.folder.rglob("*") if not path.is_dir())
