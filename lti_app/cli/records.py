"""`flask lrs`: stores and keys of the learning record store, and what it refused."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.cli.tenants import get_tenant, tenant_option
from lti_app.config import Config
from xapi_lrs.core.errors import LrsError
from xapi_lrs.core.scopes import DEFAULT_SCOPES, SCOPES
from xapi_lrs.models.credential import Credential
from xapi_lrs.models.store import Store
from xapi_lrs.services.credentials import (
    Restrictions,
    create_credential,
    find_credential_by_key,
    list_credentials,
    revoke_credential,
    rotate_secret,
)
from xapi_lrs.services.rejections import list_rejections
from xapi_lrs.services.stores import (
    archive_store,
    create_store,
    ensure_store,
    find_store,
    list_stores,
    rename_store,
    reopen_store,
)

lrs = AppGroup("lrs", help="The learning record store.")
store = AppGroup("store", help="Its stores: one address each.")
key = AppGroup("key", help="Keys and secrets of the stores.")
lrs.add_command(store)
lrs.add_command(key)

store_option = click.option("--store", "store_slug", default="default", help="Slug of the store.")


@contextmanager
def _records(tenant_slug: str | None) -> Iterator[Session]:
    """A transaction of the tenant; a refusal of the store ends the command with its sentence."""
    try:
        with transaction(get_tenant(tenant_slug)) as session:
            yield session
    except LrsError as refusal:
        raise click.ClickException(str(refusal)) from None


@store.command("list")
@tenant_option
def store_list(slug: str | None) -> None:
    """Each store with its endpoint."""
    with _records(slug) as session:
        for one in list_stores(session):
            closed = "" if one.is_active else "  (closed)"
            click.echo(f"{one.slug:<20} {_endpoint(one.slug)}  {one.name}{closed}")


@store.command("create")
@click.argument("store_slug")
@click.option("--name", required=True, help="Shown to people.")
@tenant_option
def store_create(store_slug: str, name: str, slug: str | None) -> None:
    """Open the store STORE_SLUG."""
    with _records(slug) as session:
        create_store(session, store_slug, name)
    click.echo(f"endpoint  {_endpoint(store_slug)}")


@store.command("rename")
@click.argument("store_slug")
@click.option("--name", required=True, help="Shown to people.")
@tenant_option
def store_rename(store_slug: str, name: str, slug: str | None) -> None:
    """Give the store another name; its address stays."""
    with _records(slug) as session:
        rename_store(session, _get_store(session, store_slug).id, name)


@store.command("close")
@click.argument("store_slug")
@tenant_option
def store_close(store_slug: str, slug: str | None) -> None:
    """Refuse every request at once; nothing is deleted."""
    with _records(slug) as session:
        archive_store(session, _get_store(session, store_slug).id)


@store.command("reopen")
@click.argument("store_slug")
@tenant_option
def store_reopen(store_slug: str, slug: str | None) -> None:
    """Let its keys in again."""
    with _records(slug) as session:
        reopen_store(session, _get_store(session, store_slug).id)


@key.command("create")
@click.option("--name", required=True, help="Who uses it, in words.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(sorted(SCOPES)))
@store_option
@click.option("--registration", type=click.UUID, help="Only this registration.")
@click.option("--activity-prefix", help="Only activities whose id is this or goes on after it.")
@click.option("--origin", "origins", multiple=True, help="Only pages of https://host; repeatable.")
@click.option("--requests-per-second", type=int, help="0: any number; else the server's default.")
@click.option("--days", type=click.IntRange(min=1), help="Expires after so many days.")
@tenant_option
def key_create(
    name: str,
    scopes: tuple[str, ...],
    store_slug: str,
    registration: UUID | None,
    activity_prefix: str | None,
    origins: tuple[str, ...],
    requests_per_second: int | None,
    days: int | None,
    slug: str | None,
) -> None:
    """Make a key and show its secret, this one time."""
    now = datetime.now(UTC)
    with _records(slug) as session:
        made, secret = create_credential(
            session,
            ensure_store(session, store_slug),
            name=name,
            scopes=scopes or DEFAULT_SCOPES,
            now=now,
            random=secrets.token_bytes,
            expires_at=now + timedelta(days=days) if days else None,
            restrictions=Restrictions(registration, activity_prefix, origins, requests_per_second),
        )
    _show(store_slug, made, secret)


@key.command("list")
@store_option
@tenant_option
def key_list(store_slug: str, slug: str | None) -> None:
    """Each key with what it may do and when it was last used."""
    now = datetime.now(UTC)
    with _records(slug) as session:
        for one in list_credentials(session, _get_store(session, store_slug)):
            used = f"used {one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
            click.echo(
                f"{one.key}  {', '.join(one.scopes)}  {_state(one, now)}  {used}  {one.name}"
            )


@key.command("rotate")
@click.argument("key")
@click.option(
    "--overlap-hours", type=click.IntRange(min=0), default=0, help="The old secret stays good."
)
@tenant_option
def key_rotate(key: str, overlap_hours: int, slug: str | None) -> None:
    """Make a new secret for KEY and show it, this one time."""
    with _records(slug) as session:
        made, secret = rotate_secret(
            session,
            _get_key(session, key).id,
            now=datetime.now(UTC),
            random=secrets.token_bytes,
            overlap=timedelta(hours=overlap_hours),
        )
    _show(made.store.slug, made, secret)


@key.command("revoke")
@click.argument("key")
@tenant_option
def key_revoke(key: str, slug: str | None) -> None:
    """Let nobody in with KEY from now on; what it stored stays."""
    with _records(slug) as session:
        revoke_credential(session, _get_key(session, key).id, now=datetime.now(UTC))


@lrs.command("refused")
@store_option
@click.option("--limit", default=20, help="So many, newest first.")
@tenant_option
def refused(store_slug: str, limit: int, slug: str | None) -> None:
    """The last requests that a store refused, and why."""
    with _records(slug) as session:
        for one in list_rejections(session, _get_store(session, store_slug), limit=limit):
            asked = f"{one.path}?{one.query}" if one.query else one.path
            click.echo(f"{one.created_at:%Y-%m-%d %H:%M:%S}  {one.credential_name}")
            click.echo(f"  {one.method} {asked[:200]}  {one.status}")
            click.echo(f"  {one.message}")


def _endpoint(store_slug: str) -> str:
    config: Config = current_app.config["LECTERN"]
    return f"{config.app_url}/xapi/{store_slug}/"


def _show(store_slug: str, made: Credential, secret: str) -> None:
    click.echo(f"endpoint  {_endpoint(store_slug)}")
    click.echo(f"key       {made.key}")
    click.echo(f"secret    {secret}")


def _state(one: Credential, now: datetime) -> str:
    if one.revoked_at:
        return "revoked"
    return "expired" if one.expires_at and one.expires_at <= now else "good"


def _get_store(session: Session, store_slug: str) -> Store:
    found = find_store(session, store_slug)
    if found is None:
        raise click.ClickException(f"There is no store {store_slug!r}: see `flask lrs store list`.")
    return found


def _get_key(session: Session, key: str) -> Credential:
    found = find_credential_by_key(session, key)
    if found is None:
        raise click.ClickException(f"There is no key {key!r}: see `flask lrs key list`.")
    return found
