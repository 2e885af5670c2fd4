"""`flask package import course.zip`: what the portal's pages do, for people at a terminal."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
from flask import current_app
from flask.cli import AppGroup

from database.session import transaction
from lti_app.cli.tenants import get_tenant, tenant_option
from lti_app.storage import storage
from scorm_runtime.core.package_settings import (
    RULES,
    SettingsRefused,
    describe,
    value_of,
)
from scorm_runtime.core.refusal import PackageRefused
from scorm_runtime.models.import_job import ImportJob, ImportState, PublishPolicy
from scorm_runtime.models.package import Package
from scorm_runtime.services import package_settings, packages, rereading
from scorm_runtime.services.errors import InvalidPackageKey

package = AppGroup("package", help="Packages.")

_CHUNK_BYTES = 1024 * 1024


@package.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", default="", help="The package this becomes a version of; else a new one.")
@click.option("--publish/--no-publish", default=True, help="Show it in the catalogue.")
@click.option("--draft", is_flag=True, help="Leave the version for somebody to look at first.")
@tenant_option
def import_(file: Path, key: str, publish: bool, draft: bool, slug: str | None) -> None:
    """Import FILE, a SCORM package as a zip."""
    tenant_id = get_tenant(slug)
    try:
        job = import_file(tenant_id, file, key=key, publish=publish and not draft, draft=draft)
    except (PackageRefused, InvalidPackageKey) as refusal:
        raise click.ClickException(str(refusal)) from None
    for finding in job.report or []:
        done = f" {finding['done']}" if finding.get("done") else ""
        click.echo(f"  {finding['level']}: {finding['message']}{done}")
    if job.state != ImportState.DONE or job.package_version is None:
        raise click.ClickException(f"{file.name} was refused: {job.error_message}")
    with transaction(tenant_id) as session:
        found = packages.get_package(session, job.package_version.package_id)
        state = "" if found.current_version_id == job.package_version_id else " (a draft)"
        click.echo(f"{found.title}: version {job.package_version.number}{state}, key {found.key}")


@package.command("list")
@tenant_option
def list_(slug: str | None) -> None:
    """List the packages of an organisation with their keys."""
    with transaction(get_tenant(slug)) as session:
        for found in packages.list_packages(session):
            shown = "published" if found.is_published else "not published"
            click.echo(f"{found.key}  {found.title}  ({shown})")


@package.command("settings")
@click.argument("key")
@click.argument("changes", nargs=-1, metavar="[NAME=VALUE]...")
@tenant_option
def settings(key: str, changes: tuple[str, ...], slug: str | None) -> None:
    """Show the settings of the package KEY, or change those that are named.

    NAME= without a value gives a setting its default again.
    """
    tenant_id = get_tenant(slug)
    with transaction(tenant_id) as session:
        found = _get_package(packages.find_package_by_key(session, key), key)
        if changes:
            data = _change(found.settings, changes)
            try:
                package_settings.change_settings(session, found.id, data, made_by=None)
            except SettingsRefused as refused:
                raise click.ClickException(str(refused)) from None
        now = package_settings.get_settings(session, found.id)
    for rule in RULES:
        value = value_of(now, rule.name)
        mark = " " if value == rule.default else "*"
        click.echo(f"{mark} {rule.name} = {json.dumps(value)}  ({describe(rule)})")


@package.command("reread")
@click.option("--all", "everything", is_flag=True, help="Those too that this release has read.")
@tenant_option
def reread(everything: bool, slug: str | None) -> None:
    """Read the manifests of stored versions again, as this release understands them."""
    tenant_id = get_tenant(slug)
    opened = partial(transaction, tenant_id)
    changed = 0
    with opened() as session:
        if everything:
            rereading.forget_readings(session)
    while True:
        with opened() as session:
            outdated = rereading.find_outdated(session)
        if not outdated:
            break
        for version_id in outdated:
            changed += rereading.reread_version(opened, storage(), version_id)
    click.echo(f"{changed} versions are read differently now.")


def import_file(
    tenant_id: UUID, file: Path, *, key: str, publish: bool, draft: bool = False
) -> ImportJob:
    """Import `file` at once; the job tells how it ended. `publish`: show the package in the
    catalogue; `draft`: let learners keep the version they have. Raises PackageRefused when it is
    too large to be taken, InvalidPackageKey."""
    limit = current_app.config["LECTERN"].max_upload_mb * 1024 * 1024
    stored = packages.receive_upload(storage(), uuid4(), _chunks(file), max_bytes=limit)
    with transaction(tenant_id) as session:
        job_id = packages.schedule_import(
            session,
            file_name=file.name,
            stored_key=stored,
            created_by=None,
            package_key=key,
            publish=PublishPolicy.NEVER if draft else PublishPolicy.ALWAYS,
        ).id
    packages.run_import(
        partial(transaction, tenant_id), storage(), job_id, now=lambda: datetime.now(UTC)
    )
    with transaction(tenant_id) as session:
        job = packages.get_import(session, job_id)
        if publish and job.package_version is not None:
            packages.publish_package(session, job.package_version.package_id)
    return job


def _get_package(found: Package | None, key: str) -> Package:
    if found is None:
        raise click.ClickException(f"There is no package with the key {key!r}.")
    return found


def _change(stored: dict[str, Any], changes: tuple[str, ...]) -> dict[str, Any]:
    """The stored settings with `NAME=VALUE` applied; values are JSON, or words as they are."""
    flat = {name: value for name, value in stored.items() if name != "exit_actions"}
    flat |= {f"exit_actions.{n}": v for n, v in stored.get("exit_actions", {}).items()}
    for change in changes:
        name, sign, text = change.partition("=")
        if not sign:
            raise click.ClickException(f"{change!r} is not of the form NAME=VALUE.")
        flat.pop(name, None)
        if text:
            try:
                flat[name] = json.loads(text)
            except ValueError:
                flat[name] = text
    return flat


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk
