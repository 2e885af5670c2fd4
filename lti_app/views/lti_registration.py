"""/lti/register/<token>: a platform opens the one-time link, a person agrees, we register there.

    platform ─GET─► what will be registered, and a button (nothing is fetched yet)
    person  ─POST─► claim the link │ GET configuration, POST registration │ keep it, use the link up
            ◄────── what is left to do there, and a button that closes the frame

No cookie, no session, no script is needed: the random token in the path is the permission, for one
registration of one organisation, until it is used, taken back or over. It stands in a platform's
frame or window, whose origin nobody knows yet, so any page may frame it; it shows nothing that the
link's owner does not know.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.lti import dynamic_registration as dr
from lti_app.core.lti import tool_description as ours
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.registration import NewRegistration
from lti_app.core.lti.registration_reasons import RegistrationProblem
from lti_app.core.lti.state import read_tenant
from lti_app.core.lti.tool_description import Tool
from lti_app.core.platforms.families import get_family
from lti_app.core.platforms.registering import DEEP_LINK, REGISTERING
from lti_app.logs import trace_id
from lti_app.models.tenant import Tenant
from lti_app.platform_client import registration_client
from lti_app.platform_client.reach import REACH
from lti_app.platform_client.registration_client import Reply
from lti_app.security.guards import public
from lti_app.security.headers import allow_framing
from lti_app.services import dynamic_registration as links
from lti_app.services.dynamic_registration import Circumstances
from lti_app.views import registration_texts as texts
from lti_app.views.tool_facts import build_tool

bp = Blueprint("lti_registration", __name__, url_prefix="/lti/register")
log = structlog.get_logger(__name__)

_WHY_PUBLIC = "the random token in the path is the permission; it is good for one registration"
_TOKEN_LIMIT = 8192
"""Characters of a registration token; Moodle's and Canvas's are below 2000."""


@dataclass
class Try:
    """One opening of a link: what came with it, and what was learned on the way."""

    token: str
    configuration_url: str
    platform_token: str
    tenant_id: UUID | None = None
    invitation_id: UUID | None = None
    is_ours: bool = False
    """This try has claimed the link."""
    issuer: str = ""
    client_id: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.configuration_url).netloc

    @property
    def circumstances(self) -> Circumstances:
        shown = self.configuration_url.partition("?")[0]
        return Circumstances(trace_id(), shown, self.issuer, self.client_id)


@bp.get("/<token>")
@public(_WHY_PUBLIC)
def ask(token: str) -> ResponseReturnValue:
    """What will be registered, and the button (LTI-DR-1, LTI-DR-5)."""
    attempt = _arrive(token, request.args.to_dict())
    try:
        with transaction(_tenant(attempt)) as session:
            invitation = links.find_invitation(session, token)
            attempt.invitation_id = invitation.id
            links.check_invitation(invitation, datetime.now(UTC))
            tenant = _active_tenant(session, attempt)
        _check_address(attempt)
    except RegistrationProblem as problem:
        return _refuse(attempt, problem)
    tool = build_tool(tenant, name=invitation.tool_name, privacy=invitation.privacy)
    registering = REGISTERING.get(invitation.platform)
    allow_framing(["*"])
    return render_template(
        "lti/register.html",
        attempt=attempt,
        tenant=tenant,
        tool=tool,
        messages=ours.MESSAGES,
        scopes=ours.SCOPES,
        placements=registering.placements.get(DEEP_LINK, ()) if registering else (),
        product=get_family(registering.code).label if registering else "",
        texts=texts,
    )


@bp.post("/<token>")
@public(_WHY_PUBLIC)
def confirm(token: str) -> ResponseReturnValue:
    """Register: the link is used up only when everything went well."""
    attempt = _arrive(token, request.form.to_dict())
    try:
        _check_address(attempt)
        with transaction(_tenant(attempt)) as session:
            invitation = links.claim_invitation(session, token, datetime.now(UTC))
            attempt.invitation_id, attempt.is_ours = invitation.id, True
            tenant = _active_tenant(session, attempt)
        tool = build_tool(tenant, name=invitation.tool_name, privacy=invitation.privacy)
        new = _register_there(attempt, tool, invitation.platform)
        with transaction(attempt.tenant_id) as session:
            registration = links.complete_registration(
                session, invitation.id, new, attempt.circumstances, datetime.now(UTC)
            )
    except RegistrationProblem as problem:
        return _refuse(attempt, problem)
    log.info("lti_registration", result="registered", issuer=new.issuer, client_id=new.client_id)
    allow_framing(["*"])
    return render_template(
        "lti/registered.html",
        registration=registration,
        new=new,
        steps=texts.NEXT_STEPS.get(new.platform, texts.NEXT_STEPS["generic"]),
        product=get_family(new.platform).label if new.platform != "generic" else "",
    )


def _register_there(attempt: Try, tool: Tool, family: str) -> NewRegistration:
    """Both calls to the platform; outside of any transaction."""
    reply = registration_client.fetch_configuration(
        attempt.configuration_url, attempt.platform_token
    )
    text = _read(reply, "configuration", attempt)
    configuration = dr.parse_configuration(
        text, attempt.configuration_url, allows_intranet=REACH.private
    )
    attempt.issuer = configuration.issuer
    registering = dr.choose_registering(family, configuration)
    body = ours.build_registration(tool, configuration, registering)
    reply = registration_client.send_registration(
        configuration.registration_url, attempt.platform_token, body
    )
    new = dr.read_answer(_read(reply, "registration", attempt), configuration, registering)
    attempt.client_id = new.client_id
    return new


def _read(reply: Reply, step: str, attempt: Try) -> str:
    """The body of a good answer; else the RegistrationProblem of this step."""
    if reply.failure == "unsafe":
        raise RegistrationProblem("address_unsafe", reply.detail)
    if reply.failure:
        raise RegistrationProblem(f"{step}_{reply.failure}", reply.detail, status=reply.status)
    if reply.status not in (200, 201):
        said = _hide(reply.text, attempt)
        raise RegistrationProblem(f"{step}_refused", said=said, status=reply.status)
    return reply.text


def _hide(said: str, attempt: Try) -> str:
    """A platform's words without the token, should it repeat it."""
    kept = said[: links.ANSWER_LIMIT * 2].replace("\x00", "")
    return kept.replace(attempt.platform_token, "[token]") if attempt.platform_token else kept


def _arrive(token: str, values: dict[str, str]) -> Try:
    url = values.get("openid_configuration", "").strip()
    return Try(token, url, values.get("registration_token", "").strip())


def _tenant(attempt: Try) -> UUID:
    try:
        attempt.tenant_id = read_tenant(attempt.token)
    except Refusal:
        raise RegistrationProblem("link_unknown") from None
    return attempt.tenant_id


def _active_tenant(session: Session, attempt: Try) -> Tenant:
    tenant = session.get_one(Tenant, attempt.tenant_id)
    if not tenant.is_active:
        raise RegistrationProblem("link_unknown")
    return tenant


def _check_address(attempt: Try) -> None:
    if not attempt.configuration_url:
        raise RegistrationProblem("configuration_url_missing")
    token_fits = len(attempt.platform_token) <= _TOKEN_LIMIT and (
        attempt.platform_token.isascii() and attempt.platform_token.isprintable()
    )
    if not token_fits:
        raise RegistrationProblem("configuration_url_unsafe", "registration_token")
    if not registration_client.is_safe(attempt.configuration_url):
        raise RegistrationProblem("configuration_url_unsafe", attempt.configuration_url[:200])


def _refuse(attempt: Try, problem: RegistrationProblem) -> ResponseReturnValue:
    """The page, a line in the server's log, and one in the link's where the link is known."""
    log.warning("lti_registration", result="refused", reason=problem.code, detail=problem.detail)
    if attempt.invitation_id is not None and problem.code != "configuration_url_missing":
        with transaction(attempt.tenant_id) as session:
            links.log_failure(
                session,
                attempt.invitation_id,
                problem,
                attempt.circumstances,
                releases=attempt.is_ours,
            )
    allow_framing(["*"])
    page = render_template(
        "lti/register_problem.html",
        attempt=attempt,
        problem=problem,
        text=texts.TEXTS[problem.code],
        trace_id=trace_id(),
    )
    return page, problem.status_hint
