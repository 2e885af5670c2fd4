"""The WSGI entry: `gunicorn wsgi:app`; also what `flask …` commands load."""

import os

from sqlalchemy.orm import configure_mappers

from lti_app.app import create_app
from lti_app.cli.environment import known_environment
from lti_app.config import Config, SettingInvalid

try:
    app = create_app(Config.from_env(known_environment(os.environ)))
except SettingInvalid as refusal:
    raise SystemExit(f"Lectern cannot start: {refusal}") from None

configure_mappers()  # before the workers are forked: their first requests would wait for it
