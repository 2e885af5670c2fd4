"""What the Demo LMS must be told: three addresses and a folder, read from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class SettingsInvalid(ValueError):
    """A setting cannot be used; the message names the variable and says what is expected."""


@dataclass(frozen=True)
class Settings:
    """The Demo LMS's own settings; it shares none with the tool."""

    issuer: str
    """DEMO_LMS_URL: the address people use, and the platform's `iss`. No trailing slash."""

    data: Path
    """DEMO_LMS_DATA: folder of state.json and the keys; made when absent."""

    tool_url: str
    """DEMO_TOOL_URL: the tool's address as the browser sees it. No trailing slash."""

    tool_jwks_url: str
    """DEMO_TOOL_JWKS_URL: where this server fetches the tool's public keys; differs from
    {tool_url}/lti/jwks only where server and browser know the tool by different names."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the variables; unset ones have the values of `make run`."""
        env = os.environ if environ is None else environ
        tool_url = _address(env, "DEMO_TOOL_URL", "http://localhost:8000")
        return cls(
            issuer=_address(env, "DEMO_LMS_URL", "http://127.0.0.1:8001"),
            data=Path(env.get("DEMO_LMS_DATA") or "instance/demo_lms").absolute(),
            tool_url=tool_url,
            tool_jwks_url=_address(env, "DEMO_TOOL_JWKS_URL", f"{tool_url}/lti/jwks"),
        )


def _address(env: Mapping[str, str], name: str, default: str) -> str:
    text = (env.get(name) or default).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SettingsInvalid(f"{name} must be an address such as {default}, not {text!r}.")
    return text
