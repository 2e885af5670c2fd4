"""Which tenant a command is about, and `flask tenant create`."""

from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from database.session import transaction
from lti_app.services.tenants import TenantInvalid, ensure_tenant, find_tenant_by_slug

tenant = AppGroup("tenant", help="Organisations on this server.")

tenant_option = click.option("--tenant", "slug", help="Slug of the tenant; else DEFAULT_TENANT.")


def get_tenant(slug: str | None) -> UUID:
    """The tenant called `slug`, or the default one; ends the command when there is none."""
    wanted = slug or current_app.config["LECTERN"].default_tenant
    with transaction(None) as session:
        found = find_tenant_by_slug(session, wanted)
    if found is None:
        raise click.ClickException(
            f"There is no tenant {wanted!r}: make it with `flask tenant create {wanted} --name …`."
        )
    return found.id


@tenant.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="Shown to people.")
@click.option("--domain", default=None, help="Host name that leads to its portal.")
def create(slug: str, name: str, domain: str | None) -> None:
    """Make the tenant SLUG; an existing one is left as it is."""
    try:
        with transaction(None) as session:
            made = ensure_tenant(session, slug, name, domain)
    except TenantInvalid as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{made.slug}: {made.name}")
