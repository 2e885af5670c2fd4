"""How each product wants to be registered with: a table, one row per product family.

Source: LTI Dynamic Registration 1.0; CANVAS-1, 2, 10 to 17, MOODLE-13, 14, BB-1, 2, 12, D2L-3, 5,
10, SAKAI-4. Nothing here is an `if` elsewhere: what a product lacks is an empty value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lti_app.core.lti.copies import CANVAS_VARIABLES


@dataclass(frozen=True)
class Cloud:
    """A platform that is one for the whole world: its addresses are known and not asked for.

    An empty address is the one that the platform names; `{client_id}` is filled in.
    """

    hosts: frozenset[str]
    """Where its configuration comes from; only from there is it believed."""
    issuer: str
    auth_login_url: str = ""
    token_url: str = ""
    jwks_url: str = ""


@dataclass(frozen=True)
class Registering:
    """One product."""

    code: str
    """The family (lti_app.core.platforms.families); the generic one where we have none for it."""
    product_codes: tuple[str, ...]
    """What `product_family_code` may say, in small letters."""
    placements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Message type to where the product should offer it."""
    extensions: Mapping[str, str] = field(default_factory=dict)
    """Vendor's members of our tool configuration; `{privacy}` and `{tool_id}` are filled in."""
    custom: Mapping[str, str] = field(default_factory=dict)
    """Custom parameters beyond those for every product."""
    clouds: tuple[Cloud, ...] = ()
    token_audience: str | None = None
    """`aud` of token requests where the platform does not name it (D2L-3)."""


DEEP_LINK = "LtiDeepLinkingRequest"


def _canvas(environment: str) -> Cloud:
    """One environment of hosted Canvas, "" or "beta." or "test." (CANVAS-1, CANVAS-2)."""
    sso, school = f"sso.{environment}canvaslms.com", f"canvas.{environment}instructure.com"
    return Cloud(
        hosts=frozenset({sso, school}),
        issuer=f"https://{school}",
        auth_login_url=f"https://{sso}/api/lti/authorize_redirect",
        jwks_url=f"https://{sso}/api/lti/security/jwks",
    )


CANVAS = Registering(
    code="canvas",
    product_codes=("canvas",),
    placements={
        DEEP_LINK: (  # CANVAS-13
            "assignment_selection",
            "link_selection",
            "submission_type_selection",
            "editor_button",
        )
    },
    extensions={  # CANVAS-17
        "https://canvas.instructure.com/lti/privacy_level": "{privacy}",
        "https://canvas.instructure.com/lti/tool_id": "{tool_id}",
    },
    custom=CANVAS_VARIABLES,
    clouds=(_canvas(""), _canvas("beta."), _canvas("test.")),
)

BLACKBOARD = Registering(
    code="blackboard",
    product_codes=("blackboardlearn", "blackboard"),
    clouds=(
        Cloud(  # BB-1, BB-2; its own metadata names another key set (BB-12)
            hosts=frozenset({"developer.blackboard.com", "developer.anthology.com"}),
            issuer="https://blackboard.com",
            auth_login_url="https://developer.blackboard.com/api/v1/gateway/oidcauth",
            token_url="https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",  # noqa: S106  an address
            jwks_url="https://developer.blackboard.com/api/v1/management/applications/"
            "{client_id}/jwks.json",
        ),
    ),
)

MOODLE = Registering(
    code="moodle", product_codes=("moodle",), placements={DEEP_LINK: ("ContentArea",)}
)
BRIGHTSPACE = Registering(
    code="brightspace",
    product_codes=("desire2learn", "brightspace", "d2l"),
    token_audience="https://api.brightspace.com/auth/token",  # noqa: S106  an address
)
SAKAI = Registering(code="sakai", product_codes=("sakai", "sakailms.org"))
GENERIC = Registering(code="generic", product_codes=(), placements={DEEP_LINK: ("ContentArea",)})

REGISTERING = {one.code: one for one in (CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE, SAKAI, GENERIC)}
"""By family code."""


def find_registering(code: str, product: str = "") -> Registering:
    """The row of the family `code`; without one, that of the `product_family_code`."""
    if code:
        return REGISTERING.get(code, GENERIC)
    named = product.strip().lower()
    return next((one for one in REGISTERING.values() if named in one.product_codes), GENERIC)


def find_cloud(url: str) -> Cloud | None:
    """The worldwide platform that the configuration at `url` belongs to, or None."""
    host = urlsplit(url).hostname
    clouds = (cloud for one in REGISTERING.values() for cloud in one.clouds)
    return next((cloud for cloud in clouds if host in cloud.hosts), None)
