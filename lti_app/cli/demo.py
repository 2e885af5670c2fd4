"""`flask demo load`: the demo tenant, its people and packages, the Demo LMS as a platform."""

import click
from flask import current_app
from flask.cli import AppGroup

from lti_app.config import Config

demo = AppGroup("demo", help="The demo material.")


@demo.command("load")
def load() -> None:
    """Load what is missing of the demo material; loading it twice changes nothing."""
    load_demo(current_app.config["LECTERN"])
    click.echo("The demo material is loaded.")


def load_demo(config: Config) -> None:
    """Load what is missing of the demo material into the tenant DEFAULT_TENANT."""
