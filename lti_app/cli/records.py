"""`flask lrs credential`: a key and secret for the learning record store."""

import secrets
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from database.session import transaction
from lti_app.cli.tenants import get_tenant, tenant_option
from lti_app.config import Config
from xapi_lrs.core.errors import InvalidRequest
from xapi_lrs.core.scopes import DEFAULT_SCOPES, SCOPES
from xapi_lrs.services.credentials import create_credential
from xapi_lrs.services.stores import ensure_store

lrs = AppGroup("lrs", help="The learning record store.")


@lrs.command("credential")
@click.option("--name", required=True, help="Who uses it, in words.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(sorted(SCOPES)))
@click.option("--store", "store_slug", default="default", help="Slug of the store.")
@tenant_option
def credential(name: str, scopes: tuple[str, ...], store_slug: str, slug: str | None) -> None:
    """Make a credential and show its secret, this one time."""
    config: Config = current_app.config["LECTERN"]
    try:
        with transaction(get_tenant(slug)) as session:
            store = ensure_store(session, store_slug)
            made, secret = create_credential(
                session,
                store,
                name=name,
                scopes=scopes or DEFAULT_SCOPES,
                now=datetime.now(UTC),
                random=secrets.token_bytes,
            )
            key = made.key
    except InvalidRequest as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"endpoint  {config.app_url}/xapi/{store_slug}/")
    click.echo(f"key       {key}")
    click.echo(f"secret    {secret}")
