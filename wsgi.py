"""The WSGI entry: `gunicorn wsgi:app`."""

from lti_app.app import create_app
from lti_app.config import Config

app = create_app(Config.from_env())
