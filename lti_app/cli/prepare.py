"""`flask prepare`: bring the database to what this version needs; safe to run at every start."""

import gc

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from database.creation import CreationRefused, ensure_database
from database.session import transaction
from lti_app.cli.demo import load_demo
from lti_app.cli.instance import CHECKOUT
from lti_app.config import Config
from lti_app.services.tenants import ensure_tenant


@click.command("prepare")
@click.option("--demo", is_flag=True, help="Load the demo material as well.")
@with_appcontext
def prepare(demo: bool) -> None:
    """Make database, role and default tenant where needed, and migrate."""
    config: Config = current_app.config["LECTERN"]
    if not config.database_owner_url:
        raise click.ClickException(
            "DATABASE_OWNER_URL is not set: name the role that owns the tables"
        )
    try:
        ensure_database(config.database_owner_url, config.database_url)
    except CreationRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    except OperationalError as error:
        raise click.ClickException(f"The database does not let us in: {error.orig}") from None
    upgrade(directory=str(CHECKOUT / "migrations"))
    if demo:
        load_demo(config)
    with transaction(None) as session:
        ensure_tenant(session, config.default_tenant, config.default_tenant)
    gc.freeze()  # nobody waits for the interpreter to tidy up: half a second of each start
