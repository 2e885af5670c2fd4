"""`flask user create`: the first person of an installation, or one more."""

import click
from flask.cli import AppGroup

from database.session import transaction
from lti_app.cli.tenants import get_tenant, tenant_option
from lti_app.core.permissions import Role
from lti_app.services.passwords import PasswordTooWeak
from lti_app.services.users import UserInvalid, create_user

user = AppGroup("user", help="People.")


@user.command("create")
@click.argument("email")
@click.option("--given-name", default="")
@click.option("--family-name", default="")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="learner")
@click.password_option(envvar="LECTERN_NEW_PASSWORD", help="Asked for when not given.")
@tenant_option
def create(
    email: str, given_name: str, family_name: str, role: str, password: str, slug: str | None
) -> None:
    """Make a person who signs in with EMAIL and a password."""
    try:
        with transaction(get_tenant(slug)) as session:
            create_user(
                session,
                email=email,
                password=password,
                given_name=given_name,
                family_name=family_name,
                role=role,
            )
    except (UserInvalid, PasswordTooWeak) as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{email} may sign in as {role}.")
