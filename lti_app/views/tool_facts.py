"""Ourselves as the platforms of one organisation see us (lti_app.core.lti.tool_description)."""

from flask import current_app
from flask_babel import gettext as _

from lti_app.core.lti.tool_description import Tool
from lti_app.models.tenant import Tenant

TOOL_NAME = "Lectern"


def build_tool(tenant: Tenant, *, name: str = TOOL_NAME, privacy: str = "public") -> Tool:
    """The tool of `tenant`; only its key set and its id differ from those of the others."""
    app_url = current_app.config["LECTERN"].app_url.rstrip("/")
    return Tool(
        name=name,
        description=_("Plays courses, keeps an honest record, and sends the grade back."),
        app_url=app_url,
        jwks_url=f"{app_url}/lti/jwks/{tenant.id}",
        tool_id=f"lectern-{tenant.slug}",
        privacy=privacy,
    )
