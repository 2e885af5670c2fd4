"""A platform that was set up by hand: its addresses out of the little that an administrator types.

Source: CANVAS-1 to 3, moodle.md 3, BB-1 to 3, D2L-1 to 3, SAKAI-1, 2, and the products' own pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_app.core.lti.registration import NewRegistration, RegistrationInvalid
from lti_app.core.platforms.registering import BLACKBOARD, CANVAS

ADDRESSES = ("issuer", "auth_login_url", "token_url", "jwks_url")


@dataclass(frozen=True)
class ByHand:
    """Addresses with `{site}` (without a slash at the end) and `{client_id}` filled in; an empty
    one is asked for."""

    issuer: str = ""
    auth_login_url: str = ""
    token_url: str = ""
    jwks_url: str = ""
    token_audience: str = ""
    may_have_path: bool = True
    """The site may lie in a folder; else only scheme and host of what was typed count."""

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields to fill in, in this order."""
        needs_site = any("{site}" in getattr(self, name) for name in ADDRESSES)
        missing = tuple(name for name in ADDRESSES if not getattr(self, name))
        return (*(("site",) if needs_site else ()), *missing, "client_id", "deployment_id")


_CLOUD = BLACKBOARD.clouds[0]

BY_HAND: Mapping[str, ByHand] = {
    "canvas": ByHand(
        issuer=CANVAS.clouds[0].issuer,
        auth_login_url=CANVAS.clouds[0].auth_login_url,
        token_url="{site}/login/oauth2/token",  # noqa: S106  an address
        jwks_url=CANVAS.clouds[0].jwks_url,
        may_have_path=False,
    ),
    "moodle": ByHand(
        issuer="{site}",
        auth_login_url="{site}/mod/lti/auth.php",
        token_url="{site}/mod/lti/token.php",  # noqa: S106  an address
        jwks_url="{site}/mod/lti/certs.php",
    ),
    "blackboard": ByHand(
        issuer=_CLOUD.issuer,
        auth_login_url=_CLOUD.auth_login_url,
        token_url=_CLOUD.token_url,
        jwks_url=_CLOUD.jwks_url,
    ),
    "brightspace": ByHand(
        issuer="{site}",
        auth_login_url="{site}/d2l/lti/authenticate",
        token_url="https://auth.brightspace.com/core/connect/token",  # noqa: S106  an address
        jwks_url="{site}/d2l/.well-known/jwks",
        token_audience="https://api.brightspace.com/auth/token",  # noqa: S106  an address
        may_have_path=False,
    ),
    # Sakai's token address ends with the number of the tool, which only its page knows.
    "sakai": ByHand(
        issuer="{site}",
        auth_login_url="{site}/imsoidc/lti13/oidc_auth",
        jwks_url="{site}/imsblis/lti13/keyset",
    ),
    "generic": ByHand(),
}
"""By family code."""


def build_by_hand(family: str, typed: Mapping[str, str]) -> NewRegistration:
    """The registration out of what was typed; raises RegistrationInvalid for a missing field."""
    form = BY_HAND[family]
    for name in form.asks:
        if not typed.get(name) and name != "deployment_id":
            raise RegistrationInvalid(name, "This is missing.")
    site = _site(typed["site"], form.may_have_path) if "site" in form.asks else ""
    form = _of_environment(site) if family == "canvas" else form
    filled = {"site": site, "client_id": typed["client_id"]}

    def address(name: str) -> str:
        return str(getattr(form, name)).format(**filled) or typed.get(name, "")

    deployment = typed.get("deployment_id", "")
    return NewRegistration(
        issuer=address("issuer"),
        auth_login_url=address("auth_login_url"),
        token_url=address("token_url"),
        jwks_url=address("jwks_url"),
        client_id=typed["client_id"],
        token_audience=address("token_audience") or None,
        name=typed.get("name", ""),
        platform=family,
        deployments=(deployment,) if deployment else (),
    )


def find_preset(family: str, site: str, client_id: str) -> dict[str, str]:
    """What is known of a product's addresses before all is typed, to fill a form with: what takes
    a site or client id that is missing stays out. Raises RegistrationInvalid for a bad site."""
    form = BY_HAND.get(family, BY_HAND["generic"])
    known = {"client_id": client_id}
    if site:
        known["site"] = _site(site, form.may_have_path)
        form = _of_environment(known["site"]) if family == "canvas" else form
    preset = {"client_id": client_id, "platform": family if family in BY_HAND else "generic"}
    for name in (*ADDRESSES, "token_audience"):
        text = getattr(form, name)
        if ("{site}" in text and not site) or ("{client_id}" in text and not client_id):
            continue
        preset[name] = text.format(**known)
    return {name: value for name, value in preset.items() if value}


def _site(typed: str, may_have_path: bool) -> str:
    """The site's address, also where somebody typed only its host or copied a page's address."""
    text = typed if "//" in typed else f"https://{typed}"
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if not parts.hostname:
        raise RegistrationInvalid("site", "%(value)s is no address of the web.", value=typed[:200])
    return f"{parts.scheme}://{parts.netloc}{parts.path if may_have_path else ''}".rstrip("/")


def _of_environment(site: str) -> ByHand:
    """Canvas's addresses; schools under beta. and test. have their own (CANVAS-1)."""
    host = urlsplit(site).hostname or ""
    index = 1 if ".beta." in host else 2 if ".test." in host else 0
    cloud = CANVAS.clouds[index]
    return ByHand(
        issuer=cloud.issuer,
        auth_login_url=cloud.auth_login_url,
        token_url=BY_HAND["canvas"].token_url,
        jwks_url=cloud.jwks_url,
    )
