"""Packages: find, list, publish, archive; importing is `services/imports.py`, offered here too.

Every function works inside the transaction it is given and sees one tenant only.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from scorm_runtime.models.import_job import ImportJob
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services.errors import PackageNotFound, TitleMissing
from scorm_runtime.services.imports import (
    find_unfinished_imports,
    receive_upload,
    run_import,
    schedule_import,
)

__all__ = [
    "archive_package",
    "edit_package",
    "find_package_by_key",
    "find_unfinished_imports",
    "find_version",
    "get_import",
    "get_package",
    "list_imports",
    "list_packages",
    "list_versions",
    "publish_package",
    "receive_upload",
    "restore_package",
    "run_import",
    "schedule_import",
]


def list_packages(
    session: Session,
    *,
    archived: bool = False,
    search: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[Package]:
    """Packages with their current versions, by title; `search` looks into title and description.

    Archived ones are listed only, and alone, when `archived` says so.
    """
    query = (
        select(Package)
        .options(selectinload(Package.current_version))
        .where(Package.archived_at.is_not(None) if archived else Package.archived_at.is_(None))
        .order_by(func.lower(Package.title), Package.id)
        .limit(limit)
        .offset(offset)
    )
    if search.strip():
        found = (
            column.icontains(search.strip(), autoescape=True)
            for column in (Package.title, Package.description, Package.key)
        )
        query = query.where(or_(*found))
    return session.scalars(query).all()


def get_package(session: Session, package_id: UUID) -> Package:
    """The package with its current version; raises PackageNotFound."""
    package = session.get(Package, package_id, options=[selectinload(Package.current_version)])
    if package is None:
        raise PackageNotFound(f"There is no package {package_id}.")
    return package


def find_package_by_key(session: Session, key: str) -> Package | None:
    """The package that an LTI link names, archived or not."""
    return session.scalar(
        select(Package)
        .options(selectinload(Package.current_version))
        .where(Package.key == key.strip())
    )


def list_versions(session: Session, package_id: UUID) -> Sequence[PackageVersion]:
    """All versions of a package, newest first."""
    return session.scalars(
        select(PackageVersion)
        .where(PackageVersion.package_id == package_id)
        .order_by(PackageVersion.number.desc())
    ).all()


def find_version(session: Session, package_id: UUID, number: int) -> PackageVersion | None:
    """Version `number` of a package."""
    return session.scalar(
        select(PackageVersion).where(
            PackageVersion.package_id == package_id, PackageVersion.number == number
        )
    )


def edit_package(
    session: Session, package_id: UUID, *, title: str, description: str = ""
) -> Package:
    """Change what the catalogue shows; an empty title raises TitleMissing."""
    if not title.strip():
        raise TitleMissing("A package needs a title.")
    package = get_package(session, package_id)
    package.title = title.strip()
    package.description = description.strip()
    session.flush()
    return package


def publish_package(session: Session, package_id: UUID, *, published: bool = True) -> Package:
    """Show the package in the catalogue, or take it out again."""
    package = get_package(session, package_id)
    package.is_published = published
    session.flush()
    return package


def archive_package(session: Session, package_id: UUID, *, now: datetime) -> Package:
    """Take the package out of all lists; attempts, records and files stay."""
    package = get_package(session, package_id)
    package.archived_at = package.archived_at or now
    session.flush()
    return package


def restore_package(session: Session, package_id: UUID) -> Package:
    """Bring an archived package back."""
    package = get_package(session, package_id)
    package.archived_at = None
    session.flush()
    return package


def get_import(session: Session, job_id: UUID) -> ImportJob:
    """How far an import is; raises PackageNotFound."""
    job = session.get(ImportJob, job_id, options=[selectinload(ImportJob.package_version)])
    if job is None:
        raise PackageNotFound(f"There is no import {job_id}.")
    return job


def list_imports(session: Session, *, limit: int = 50) -> Sequence[ImportJob]:
    """The latest imports, newest first."""
    return session.scalars(
        select(ImportJob)
        .options(selectinload(ImportJob.package_version))
        .order_by(ImportJob.created_at.desc(), ImportJob.id.desc())
        .limit(limit)
    ).all()
