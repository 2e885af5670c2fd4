"""Dynamic Registration 1.0: what a platform says of itself, and its answer to our registration.

    configuration (2.1) ─► parse_configuration ─► registration (3.4, dynamic_registration_request)
    answer (3.5)        ─► read_answer         ─► NewRegistration, checked like one typed by hand

Nothing of a configuration is believed before it is known whose it is: its issuer must be on the
host that it came from (LTI-DR-3), or be one of the worldwide platforms whose addresses we know.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlsplit

from lti_app.core.lti import claims as c
from lti_app.core.lti.message import read_web_url
from lti_app.core.lti.registration import NewRegistration, RegistrationInvalid, check_registration
from lti_app.core.lti.registration_reasons import RegistrationProblem
from lti_app.core.platforms.registering import Cloud, Registering, find_cloud, find_registering

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
ACCOUNT_NAME = "https://canvas.instructure.com/lti/account_name"
_PLACEHOLDER = "client"
_ENDPOINTS = {
    "auth_login_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "jwks_url": "jwks_uri",
}


@dataclass(frozen=True)
class PlatformConfiguration:
    """A platform's openid-configuration, as far as we use it."""

    issuer: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    """May hold `{client_id}`."""
    registration_url: str
    token_audience: str | None = None
    product: str = ""
    """`product_family_code`, as written."""
    name: str = ""
    """What the platform calls itself or the account, or ""."""
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Message type to its placements, of those that it supports; empty: it does not say."""


def parse_configuration(
    text: str, url: str, *, allows_intranet: bool = False
) -> PlatformConfiguration:
    """The configuration `text` that was found at `url`; raises RegistrationProblem."""
    document = _parse_object(text, "configuration_malformed")
    cloud = find_cloud(url)
    issuer = cloud.issuer if cloud else c.text(document.get("issuer"), 500)
    if not issuer:
        raise RegistrationProblem("configuration_incomplete", "issuer")
    if cloud is None:
        _check_issuer(issuer, url)
    _check_algorithms(document)
    platform = c.part(document, PLATFORM)
    registration_url = c.text(document.get("registration_endpoint"), 4000)
    if not registration_url:
        raise RegistrationProblem("configuration_incomplete", "registration_endpoint")
    configuration = PlatformConfiguration(
        issuer=issuer,
        registration_url=registration_url,
        token_audience=read_web_url(document.get("authorization_server")),
        product=c.text(platform.get("product_family_code"), 80),
        name=c.text(platform.get(ACCOUNT_NAME), 200),
        messages=_read_messages(platform.get("messages_supported")),
        **_read_endpoints(document, cloud),
    )
    _check_addresses(configuration, allows_intranet)
    return configuration


def read_answer(
    text: str, configuration: PlatformConfiguration, registering: Registering
) -> NewRegistration:
    """Our registration as the platform granted it; raises RegistrationProblem."""
    document = _parse_object(text, "registration_malformed")
    client_id = _identifier(document.get("client_id"))
    if not client_id:
        raise RegistrationProblem("client_id_missing", said=text[:500])
    deployment = _identifier(c.part(document, TOOL).get("deployment_id"))
    return _new_registration(configuration, registering, client_id, deployment)


def choose_registering(chosen: str, configuration: PlatformConfiguration) -> Registering:
    """The product: as the administrator said, else as the platform says."""
    return find_registering(chosen, configuration.product)


def _new_registration(
    configuration: PlatformConfiguration,
    registering: Registering,
    client_id: str,
    deployment: str = "",
) -> NewRegistration:
    return NewRegistration(
        issuer=configuration.issuer,
        client_id=client_id,
        auth_login_url=configuration.auth_login_url,
        token_url=configuration.token_url,
        jwks_url=configuration.jwks_url.replace("{client_id}", quote(client_id, safe="")),
        token_audience=configuration.token_audience or registering.token_audience,
        name=configuration.name,
        platform=registering.code,
        deployments=(deployment,) if deployment else (),
    )


def _check_issuer(issuer: str, url: str) -> None:
    """LTI-DR-3: a configuration speaks only for the host that it lies on."""
    here, there = urlsplit(url).hostname, _host(issuer)
    if here != there:
        raise RegistrationProblem("issuer_mismatch", f"{there or issuer[:200]} ≠ {here}")


def _check_algorithms(document: Mapping[str, Any]) -> None:
    """LTI-P3; a platform that does not list its algorithms is believed to have ours."""
    for name, wanted in (
        ("id_token_signing_alg_values_supported", "RS256"),
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
    ):
        offered = document.get(name)
        if isinstance(offered, list) and offered and wanted not in offered:
            raise RegistrationProblem("algorithm_unsupported", f"{name}: {wanted}")


def _read_endpoints(document: Mapping[str, Any], cloud: Cloud | None) -> dict[str, str]:
    found = {}
    for ours, theirs in _ENDPOINTS.items():
        known = str(getattr(cloud, ours)) if cloud else ""
        found[ours] = known or c.text(document.get(theirs), 4000)
        if not found[ours]:
            raise RegistrationProblem("configuration_incomplete", theirs)
    return found


def _check_addresses(configuration: PlatformConfiguration, allows_intranet: bool) -> None:
    """Each address as strictly as one typed by hand, before anything is registered there."""
    trial = _new_registration(configuration, find_registering("generic"), _PLACEHOLDER)
    try:
        at_registration = replace(trial, token_url=configuration.registration_url)
        for one in (trial, at_registration):
            check_registration(one, {one.platform: None}, allows_intranet=allows_intranet)
    except RegistrationInvalid as error:
        raise RegistrationProblem("address_unsafe", str(error)) from None


def _read_messages(listed: object) -> dict[str, tuple[str, ...]]:
    messages = listed if isinstance(listed, list) else []
    return {
        c.text(one.get("type"), 80): c.strings(one.get("placements"))
        for one in messages
        if isinstance(one, dict) and one.get("type")
    }


def _parse_object(text: str, code: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise RegistrationProblem(code, "no JSON", said=text[:500]) from None
    if not isinstance(document, dict):
        raise RegistrationProblem(code, "no JSON object", said=text[:500])
    return document


def _identifier(value: object) -> str:
    """An id as text, also where it is a number."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else c.text(value, 255).strip()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
