"""`flask lti …`: platforms, with the values that they show after our tool was added; our keys."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from database.routing import RouteTaken
from database.session import transaction
from lti_app.cli.tenants import get_tenant, tenant_option
from lti_app.core.lti.registration import NewRegistration, RegistrationInvalid
from lti_app.core.platforms.families import FAMILIES
from lti_app.services.keys import KeyPlan, list_keys, rotate
from lti_app.services.registrations import list_registrations
from lti_app.services.registrations import register as register_platform

lti = AppGroup("lti", help="Platforms (LMSs) that launch Lectern.")


@lti.command("register")
@click.option("--issuer", required=True, help="The platform's `iss`.")
@click.option("--client-id", required=True)
@click.option("--auth-login-url", required=True, help="Where authentication requests go.")
@click.option("--token-url", required=True, help="Where access tokens come from.")
@click.option("--jwks-url", required=True, help="The platform's public keys.")
@click.option("--token-audience", help="Where it differs from the token URL.")
@click.option("--deployment", "deployments", multiple=True, help="Approved at once; repeatable.")
@click.option("--platform", type=click.Choice(sorted(FAMILIES)), default="generic")
@click.option("--name", default="", help="Shown to people.")
@tenant_option
def register(slug: str | None, deployments: tuple[str, ...], **fields: str) -> None:
    """Add a platform, or bring the one of the same issuer and client up to date."""
    new = NewRegistration(deployments=deployments, **fields)  # type: ignore[arg-type]  # click checks
    try:
        with transaction(get_tenant(slug)) as session:
            registration = register_platform(session, new)
            click.echo(f"{registration.name or registration.issuer} may launch Lectern.")
    except (RegistrationInvalid, RouteTaken) as refusal:
        raise click.ClickException(str(refusal)) from None


@lti.command("list")
@tenant_option
def list_(slug: str | None) -> None:
    """List the platforms of an organisation."""
    with transaction(get_tenant(slug)) as session:
        for registration in list_registrations(session):
            state = "" if registration.is_active else "  (switched off)"
            click.echo(
                f"{registration.issuer}  {registration.client_id}  {registration.name}{state}"
            )


@lti.command("rotate-key")
@click.option("--now", "at_once", is_flag=True, help="The old key was stolen: sign with the new.")
@tenant_option
def rotate_key(slug: str | None, at_once: bool) -> None:
    """Begin to replace our signing key; without --now it is published 48 hours before it signs."""
    with transaction(get_tenant(slug)) as session:
        _tell(rotate(session, datetime.now(UTC), at_once=at_once))
    if at_once:
        click.echo("Platforms that keep our old key set refuse us until they read it again.")


@lti.command("keys")
@tenant_option
def keys(slug: str | None) -> None:
    """List our signing keys, and what happens to each when."""
    with transaction(get_tenant(slug)) as session:
        _tell(list_keys(session))


_THEN = {
    "next": "published; signs from {until}",
    "current": "signs since {since}",
    "retired": "signs nothing since {since}; published until {until}",
}


def _tell(plans: list[KeyPlan]) -> None:
    for plan in plans:
        since, until = (
            f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "" for moment in (plan.since, plan.until)
        )
        then = _THEN[plan.state].format(since=since, until=until)
        click.echo(f"{plan.kid}  {plan.state}  {then}")
