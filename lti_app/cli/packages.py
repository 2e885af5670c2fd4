"""`flask package import course.zip`: what the portal's upload does, for people at a terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import click
from flask import current_app
from flask.cli import AppGroup

from database.session import transaction
from lti_app.cli.tenants import get_tenant, tenant_option
from lti_app.storage import storage
from scorm_runtime.core.refusal import PackageRefused
from scorm_runtime.models.import_job import ImportJob, ImportState
from scorm_runtime.services import packages
from scorm_runtime.services.errors import InvalidPackageKey

package = AppGroup("package", help="Packages.")

_CHUNK_BYTES = 1024 * 1024


@package.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", default="", help="The package this becomes a version of; else a new one.")
@click.option("--publish/--no-publish", default=True, help="Show it in the catalogue.")
@tenant_option
def import_(file: Path, key: str, publish: bool, slug: str | None) -> None:
    """Import FILE, a SCORM package as a zip."""
    tenant_id = get_tenant(slug)
    try:
        job = import_file(tenant_id, file, key=key, publish=publish)
    except (PackageRefused, InvalidPackageKey) as refusal:
        raise click.ClickException(str(refusal)) from None
    for finding in job.report or []:
        click.echo(f"  {finding['level']}: {finding['message']}")
    if job.state != ImportState.DONE or job.package_version is None:
        raise click.ClickException(f"{file.name} was refused: {job.error_message}")
    with transaction(tenant_id) as session:
        found = packages.get_package(session, job.package_version.package_id)
        click.echo(f"{found.title}: version {job.package_version.number}, key {found.key}")


@package.command("list")
@tenant_option
def list_(slug: str | None) -> None:
    """List the packages of an organisation with their keys."""
    with transaction(get_tenant(slug)) as session:
        for found in packages.list_packages(session):
            shown = "published" if found.is_published else "not published"
            click.echo(f"{found.key}  {found.title}  ({shown})")


def import_file(tenant_id: UUID, file: Path, *, key: str, publish: bool) -> ImportJob:
    """Import `file` at once; the job tells how it ended. Raises PackageRefused when it is too
    large to be taken, InvalidPackageKey."""
    limit = current_app.config["LECTERN"].max_upload_mb * 1024 * 1024
    stored = packages.receive_upload(storage(), uuid4(), _chunks(file), max_bytes=limit)
    with transaction(tenant_id) as session:
        job_id = packages.schedule_import(
            session, file_name=file.name, stored_key=stored, created_by=None, package_key=key
        ).id
    packages.run_import(
        partial(transaction, tenant_id), storage(), job_id, now=lambda: datetime.now(UTC)
    )
    with transaction(tenant_id) as session:
        job = packages.get_import(session, job_id)
        if publish and job.package_version is not None:
            packages.publish_package(session, job.package_version.package_id)
    return job


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk
