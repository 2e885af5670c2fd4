"""Dynamic Registration 1.0: what the platform says of itself, and reading what a tool answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from demo_lms.core.claims import DEEP_LINK, RESOURCE_LINK, REVIEW, tool_platform
from demo_lms.core.client import Client
from demo_lms.core.errors import RegistrationRefused
from demo_lms.core.manner import Manner
from demo_lms.core.scopes import SCOPES, granted_scopes

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TEXTS = ("client_name", "initiate_login_uri", "jwks_uri")
CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email")
PORTS = {"http": 80, "https": 443}


def platform_configuration(issuer: str, manner: Manner) -> dict[str, Any]:
    """The openid-configuration (2.1)."""
    personality = manner.personality
    platform = tool_platform(issuer, manner)
    configuration: dict[str, Any] = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/lti/authorize",
        "token_endpoint": f"{issuer}/lti/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": f"{issuer}/lti/jwks",
        "registration_endpoint": f"{issuer}/lti/registration",
        "scopes_supported": ["openid", *SCOPES],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": list(CLAIMS),
        PLATFORM: {
            "product_family_code": platform["product_family_code"],
            "version": platform["version"],
            "messages_supported": [
                {"type": RESOURCE_LINK},
                {"type": DEEP_LINK, "placements": ["ContentArea"]},
                {"type": REVIEW},
            ],
            "variables": ["Context.id.history", "ResourceLink.id.history", "User.username"],
            **personality.registration.extensions,
        },
    }
    if personality.token_audience:
        configuration["authorization_server"] = personality.token_audience
    return configuration


def parse_registration(
    body: object, manner: Manner, *, client_id: str, deployment_id: str
) -> Client:
    """The tool's registration (3.4) as a client; raises RegistrationRefused with its code."""
    rules = manner.personality.registration
    if not isinstance(body, dict):
        raise RegistrationRefused(rules.refusal, "invalid_client_metadata")
    tool = body.get(TOOL)
    if not isinstance(tool, dict):
        raise RegistrationRefused(rules.refusal, f"missing required attribute {TOOL}")
    for name in TEXTS:
        found = body.get(name)
        missing = f"missing required attribute {name}"
        _require(isinstance(found, str) and found != "", missing, rules.refusal)
    _check_methods(body, rules.refusal)
    for name in rules.wanted:
        _require(name in {**body, **tool}, f"missing required attribute {name}", rules.refusal)
    target = str(tool.get("target_link_uri") or f"https://{tool.get('domain')}")
    _check_domain(tool.get("domain"), target, rules.refusal)
    return Client(
        client_id=client_id,
        deployment_id=deployment_id,
        name=body["client_name"],
        login_url=body["initiate_login_uri"],
        target_link_uri=target,
        redirect_uris=tuple(str(uri) for uri in body["redirect_uris"]),
        jwks_url=body["jwks_uri"],
        deep_link_uri=_deep_link_uri(tool),
        scopes=tuple(granted_scopes(str(body.get("scope") or ""))),
        custom=_texts(tool.get("custom_parameters")),
        active=not rules.must_activate,
    )


def show_registration(body: Mapping[str, Any], client: Client) -> dict[str, Any]:
    """The answer: what was sent, and the ids it got (3.5)."""
    return {
        **body,
        "client_id": client.client_id,
        "scope": " ".join(client.scopes),
        TOOL: {**body[TOOL], "deployment_id": client.deployment_id},
    }


def _check_methods(body: Mapping[str, Any], status: int) -> None:
    _require("id_token" in _list(body, "response_types"), "missing response_type id_token", status)
    _require(bool(_list(body, "redirect_uris")), "missing required attribute redirect_uris", status)
    method = body.get("token_endpoint_auth_method")
    _require(method == "private_key_jwt", "invalid_token_endpoint_auth_method", status)


def _check_domain(domain: object, target: str, status: int) -> None:
    """The domain is the host of target_link_uri, with a port that is not its scheme's own."""
    _require(isinstance(domain, str) and domain != "", "missing_domain", status)
    parts = urlsplit(target)
    port = "" if parts.port in (None, PORTS.get(parts.scheme)) else f":{parts.port}"
    _require(domain == f"{parts.hostname}{port}", "domain_targetlinkuri_mismatch", status)


def _deep_link_uri(tool: Mapping[str, Any]) -> str:
    for message in _list(tool, "messages"):
        if isinstance(message, dict) and message.get("type") == DEEP_LINK:
            return str(message.get("target_link_uri") or "")
    return ""


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    found = body.get(name)
    return found if isinstance(found, list) else []


def _texts(value: object) -> dict[str, str]:
    found = value if isinstance(value, dict) else {}
    return {str(name): str(text) for name, text in found.items()}


def _require(condition: bool, code: str, status: int) -> None:
    if not condition:
        raise RegistrationRefused(status, code)
