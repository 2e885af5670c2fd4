"""All of Lectern's `flask …` commands, registered in one place."""

from flask import Flask

from lti_app.cli.demo import demo
from lti_app.cli.prepare import prepare
from lti_app.cli.ticker import ticker
from lti_app.cli.worker import worker, worker_health


def init_app(app: Flask) -> None:
    """Add the commands to `flask --help`."""
    for command in (prepare, demo, worker, worker_health, ticker):
        app.cli.add_command(command)
