"""The entry for a WSGI server: `gunicorn --workers 1 --threads 16 demo_lms.wsgi:app`."""

from demo_lms.app import create_app
from demo_lms.settings import Settings

app = create_app(Settings.from_env())
