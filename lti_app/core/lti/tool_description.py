"""What we say of ourselves to a platform: one description, in the three forms that it is asked in.

`build_registration` is the body of Dynamic Registration 1.0 section 3.4, `build_canvas_config` the
JSON that Canvas reads from an address (CANVAS-10 to CANVAS-13); pages for setting up by hand show
the fields of `Tool` themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_app.core import ags, rosters
from lti_app.core.lti.copies import HISTORY_VARIABLES
from lti_app.core.lti.dynamic_registration import TOOL, PlatformConfiguration
from lti_app.core.platforms.registering import CANVAS, DEEP_LINK, Registering

SCOPES = (
    ags.LINE_ITEM_SCOPE,
    ags.LINE_ITEM_READ_SCOPE,
    ags.RESULT_SCOPE,
    ags.SCORE_SCOPE,
    rosters.SCOPE,
)
"""Exactly the scopes that we ask tokens for (LTI-DR-7, D2L-10)."""
RESOURCE_LINK = "LtiResourceLinkRequest"
REVIEW = "LtiSubmissionReviewRequest"
MESSAGES = (RESOURCE_LINK, DEEP_LINK, REVIEW)
"""The messages that we answer; a platform that lists its own is offered those that it has."""
USUAL = frozenset({RESOURCE_LINK, DEEP_LINK})
"""What every platform is offered that does not list its messages."""
CLAIMS: Mapping[str, tuple[str, ...]] = {
    "public": ("name", "given_name", "family_name", "email"),
    "name_only": ("name", "given_name", "family_name"),
    "email_only": ("email",),
    "anonymous": (),
}
"""Privacy, in Canvas's words (CANVAS-11), to the claims about a person."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Tool:
    """Ourselves, as one organisation's platform sees us."""

    name: str
    description: str
    app_url: str
    """Origin, without a slash at the end."""
    jwks_url: str
    tool_id: str
    """Ours for this organisation; the same at all its platforms."""
    privacy: str = "public"

    @property
    def launch_url(self) -> str:
        """Tool address, redirect URI and target link in one."""
        return f"{self.app_url}/lti/launch"

    @property
    def login_url(self) -> str:
        return f"{self.app_url}/lti/login"

    @property
    def logo_url(self) -> str:
        return f"{self.app_url}/static/mark.svg"

    @property
    def domain(self) -> str:
        """Host of the target link, with a port that is not its scheme's own (moodle.md 9)."""
        parts = urlsplit(self.app_url)
        usual = parts.port in (None, _PORTS.get(parts.scheme))
        return f"{parts.hostname}{'' if usual else f':{parts.port}'}"


def build_registration(
    tool: Tool, configuration: PlatformConfiguration, registering: Registering
) -> dict[str, Any]:
    """The body of our registration; what Canvas requires is required of nobody else, but taken by
    everybody (CANVAS-16)."""
    return {
        "application_type": "web",
        "grant_types": ["client_credentials", "implicit"],
        "response_types": ["id_token"],
        "redirect_uris": [tool.launch_url],
        "initiate_login_uri": tool.login_url,
        "client_name": tool.name,
        "client_uri": tool.app_url,
        "logo_uri": tool.logo_url,
        "jwks_uri": tool.jwks_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES),
        TOOL: {
            "domain": tool.domain,
            "description": tool.description,
            "target_link_uri": tool.launch_url,
            "custom_parameters": {**HISTORY_VARIABLES, **registering.custom},
            "claims": ["iss", "sub", *CLAIMS[tool.privacy]],
            "messages": _messages(tool, configuration, registering),
            **_extensions(tool, registering),
        },
    }


def build_canvas_config(tool: Tool, regions: tuple[str, ...] = ()) -> dict[str, Any]:
    """The configuration that an administrator of Canvas enters by its address."""
    placements = [
        {
            "placement": placement,
            "message_type": DEEP_LINK,
            "target_link_uri": tool.launch_url,
            "text": tool.name,
            "icon_url": tool.logo_url,
        }
        for placement in CANVAS.placements[DEEP_LINK]
    ]
    extension = {
        "platform": "canvas.instructure.com",
        "domain": tool.domain,
        "tool_id": tool.tool_id,
        "privacy_level": tool.privacy,
        "settings": {"text": tool.name, "icon_url": tool.logo_url, "placements": placements},
    }
    return {
        "title": tool.name,
        "description": tool.description,
        "oidc_initiation_url": tool.login_url,
        "oidc_initiation_urls": dict.fromkeys(regions, tool.login_url),
        "target_link_uri": tool.launch_url,
        "public_jwk_url": tool.jwks_url,
        "scopes": list(SCOPES),
        "custom_fields": {**HISTORY_VARIABLES, **CANVAS.custom},
        "extensions": [extension],
    }


def offered_messages(configuration: PlatformConfiguration) -> tuple[str, ...]:
    """Those of our messages that the platform has; a launch always."""
    supported = configuration.messages.keys() or USUAL
    return tuple(one for one in MESSAGES if one == RESOURCE_LINK or one in supported)


def _messages(
    tool: Tool, configuration: PlatformConfiguration, registering: Registering
) -> list[dict[str, Any]]:
    return [
        {
            "type": message,
            "target_link_uri": tool.launch_url,
            "label": tool.name,
            "icon_uri": tool.logo_url,
            **_placements(message, configuration, registering),
        }
        for message in offered_messages(configuration)
    ]


def _placements(
    message: str, configuration: PlatformConfiguration, registering: Registering
) -> dict[str, list[str]]:
    """Where the product should offer it; only places that it says it has."""
    has = configuration.messages.get(message, ())
    wanted = registering.placements.get(message, ())
    chosen = [place for place in wanted if not has or place in has]
    return {"placements": chosen} if chosen else {}


def _extensions(tool: Tool, registering: Registering) -> dict[str, str]:
    values = {"privacy": tool.privacy, "tool_id": tool.tool_id}
    return {name: text.format(**values) for name, text in registering.extensions.items()}
