"""What an administrator enters about a platform, checked."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_app.core.lti.id_token import MAX_LEEWAY_SECONDS
from lti_app.core.lti.message import read_web_url
from lti_app.core.worded import Worded

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_INTRANET = (".local", ".lan", ".internal", ".intranet", ".corp", ".private", ".home.arpa")
"""Endings of names that the internet does not know."""
_SPACE = re.compile(r"\s")


class RegistrationInvalid(Worded, ValueError):
    """A field cannot be used; `field` names it, the message says how to mend it."""

    status_hint = 422

    def __init__(self, field: str, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {super().__str__()}"


@dataclass(frozen=True)
class NewRegistration:
    """Our client at a platform, as the platform shows it after our tool was added there."""

    issuer: str
    client_id: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    token_audience: str | None = None
    name: str = ""
    platform: str = "generic"
    leeway_seconds: int | None = None
    deployments: tuple[str, ...] = ()
    """Deployment ids that are approved at once; others wait until somebody approves them."""


def check_registration(
    new: NewRegistration, families: Mapping[str, object], *, allows_intranet: bool = False
) -> None:
    """Raise RegistrationInvalid for the first field that cannot be used. With `allows_intranet`
    (the setting PRIVATE_PLATFORMS) addresses of an intranet may do without https."""
    for field in ("issuer", "client_id"):
        value = getattr(new, field)
        if not value or _SPACE.search(value) or len(value) > 500:
            raise RegistrationInvalid(field, "This is one word, as the platform shows it.")
    for field in ("issuer", "auth_login_url", "token_url", "jwks_url"):
        _check_url(field, getattr(new, field), allows_intranet)
    if new.platform not in families:
        known = ", ".join(sorted(families))
        raise RegistrationInvalid("platform", "This is one of %(known)s.", known=known)
    if new.leeway_seconds is not None and not 0 <= new.leeway_seconds <= MAX_LEEWAY_SECONDS:
        raise RegistrationInvalid(
            "leeway_seconds", "This is a number from 0 to %(most)s.", most=MAX_LEEWAY_SECONDS
        )
    for deployment in new.deployments:
        if not deployment.strip() or len(deployment) > 255:
            raise RegistrationInvalid("deployments", "A deployment id has 1 to 255 characters.")


def _check_url(field: str, url: str, allows_intranet: bool) -> None:
    if read_web_url(url) is None:
        raise RegistrationInvalid(field, "%(value)s is no address of the web.", value=url[:200])
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_near = host in _LOOPBACK or (allows_intranet and is_intranet(host))
    if not (parts.scheme == "https" or is_near):
        raise RegistrationInvalid(
            field,
            "This is an address with https:// (http:// only on this machine, and with the setting "
            "PRIVATE_PLATFORMS on an intranet).",
        )


def is_intranet(host: str) -> bool:
    """Whether a host cannot be on the internet by its name: a private address, one word, or an
    ending of its own."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.lower().endswith(_INTRANET)
    return address.is_private and not (address.is_link_local or address.is_unspecified)
