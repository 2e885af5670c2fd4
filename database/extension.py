"""Flask-SQLAlchemy and Flask-Migrate, bound to the one metadata of `database.base`.

Models inherit from `database.base.Base` directly (fully typed); `db` brings the engine,
its pool and the Alembic integration to the application.
"""

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from database.base import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate(directory="migrations")
