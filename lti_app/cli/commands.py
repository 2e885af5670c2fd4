"""All of Lectern's `flask …` commands, registered in one place."""

from flask import Flask

from lti_app.cli.content import content
from lti_app.cli.demo import demo
from lti_app.cli.languages import i18n
from lti_app.cli.packages import package
from lti_app.cli.people import user
from lti_app.cli.platforms import lti
from lti_app.cli.prepare import prepare
from lti_app.cli.records import lrs
from lti_app.cli.tenants import tenant
from lti_app.cli.ticker import ticker
from lti_app.cli.worker import worker, worker_health

COMMANDS = (
    prepare,
    worker,
    worker_health,
    ticker,
    demo,
    tenant,
    user,
    package,
    content,
    lti,
    lrs,
    i18n,
)


def init_app(app: Flask) -> None:
    """Add the commands to `flask --help`."""
    for command in COMMANDS:
        app.cli.add_command(command)
