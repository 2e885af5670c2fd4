"""A tool that is registered here: its client_id and everything the platform must know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from demo_lms.core.scopes import SCOPES

CLIENT_ID = "lectern-demo"
DEPLOYMENT_ID = "1"


@dataclass(frozen=True)
class Client:
    """One registration."""

    client_id: str
    deployment_id: str
    name: str
    login_url: str
    target_link_uri: str
    redirect_uris: tuple[str, ...]
    jwks_url: str
    deep_link_uri: str = ""
    """target_link_uri of deep linking; empty: as for launches."""
    scopes: tuple[str, ...] = SCOPES
    custom: Mapping[str, str] = field(default_factory=dict)
    """Custom parameters of the registration; they come with every message."""
    active: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "redirect_uris": list(self.redirect_uris),
            "scopes": list(self.scopes),
            "custom": dict(self.custom),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Client:
        lists = {name: tuple(kept[name]) for name in ("redirect_uris", "scopes")}
        return cls(**{**kept, **lists})


def demo_client(tool_url: str, jwks_url: str) -> Client:
    """The tool that is registered from the start."""
    return Client(
        client_id=CLIENT_ID,
        deployment_id=DEPLOYMENT_ID,
        name="Lectern",
        login_url=f"{tool_url}/lti/login",
        target_link_uri=f"{tool_url}/lti/launch",
        redirect_uris=(f"{tool_url}/lti/launch",),
        jwks_url=jwks_url,
    )
