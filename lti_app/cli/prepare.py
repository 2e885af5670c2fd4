"""Bring the database to what this version needs; safe to run at every start.

python -m lti_app.cli.prepare            migrate (DATABASE_OWNER_URL), role of DATABASE_URL
python -m lti_app.cli.prepare --demo     and the demo tenant with its accounts and packages
"""

import argparse
import sys

from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from database.creation import CreationRefused, ensure_database
from lti_app.app import create_app
from lti_app.cli.demo import load_demo
from lti_app.cli.instance import CHECKOUT
from lti_app.config import Config, SettingInvalid


def main() -> int:
    """Prepare the database; returns the exit code."""
    parser = argparse.ArgumentParser(description="Bring the database to what this version needs.")
    parser.add_argument("--demo", action="store_true", help="load the demo material as well")
    arguments = parser.parse_args()
    try:
        config = Config.from_env()
        if not config.database_owner_url:
            raise SettingInvalid(
                "DATABASE_OWNER_URL is not set: name the role that owns the tables"
            )
        ensure_database(config.database_owner_url, config.database_url)
        app = create_app(config)
        with app.app_context():
            upgrade(directory=str(CHECKOUT / "migrations"))
    except (SettingInvalid, CreationRefused) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"The database does not let us in: {error.orig}", file=sys.stderr)
        return 1
    if arguments.demo:
        with app.app_context():
            load_demo(config)
    return 0


if __name__ == "__main__":
    sys.exit(main())
