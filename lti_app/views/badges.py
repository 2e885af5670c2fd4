"""What every badge names by address, for verifiers: its issuer, keys, achievement, revocations.

Open Badges 3.0 asks for HTTP addresses (8.4); whoever works with DIDs finds the same keys in
`did.json`. All of it is public, and the same for everybody.
"""

from uuid import UUID

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from content.core.badge import (
    as_document,
    build_did_document,
    build_profile,
    build_revocations,
    issuer_url,
)
from content.services import certificates
from database.session import transaction
from lti_app.models.tenant import Tenant
from lti_app.security.guards import public
from lti_app.services import badges, certifying

bp = Blueprint("badges", __name__, url_prefix="/badges/<uuid:tenant_id>")

_LINKED = "application/ld+json"


@bp.get("/issuer")
@public("the issuer's profile, named in every badge")
def issuer(tenant_id: UUID) -> ResponseReturnValue:
    """Open Badges 3.0, B.1.8 Profile."""
    with transaction(tenant_id) as session:
        organisation = _get_tenant(session, tenant_id).name
    profile = build_profile(_app_url(), tenant_id, organisation)
    return _open(jsonify(as_document(profile)), _LINKED)


@bp.get("/did.json")
@public("public keys")
def did(tenant_id: UUID) -> ResponseReturnValue:
    """The issuer's DID document (did:web 1.0, 2.5.2): its keys once more."""
    document = build_did_document(_app_url(), tenant_id, _list_keys(tenant_id))
    return _open(jsonify(document), "application/did+ld+json")


@bp.get("/jwks")
@public("public keys")
def keys(tenant_id: UUID) -> ResponseReturnValue:
    """Every key that has signed a badge of this organisation (RFC 7517 5)."""
    return _open(jsonify(keys=_list_keys(tenant_id)))


@bp.get("/keys/<kid>")
@public("a public key")
def key(tenant_id: UUID, kid: str) -> ResponseReturnValue:
    """The one that a badge's `kid` names (RFC 7517 4)."""
    found = [jwk for jwk in _list_keys(tenant_id) if jwk["kid"] == kid]
    if not found:
        abort(404)
    return _open(jsonify(found[0]))


@bp.get("/achievements/<uuid:course_id>")
@public("what the course is called, as every badge of it says")
def achievement(tenant_id: UUID, course_id: UUID) -> ResponseReturnValue:
    """B.1.1 Achievement: JSON-LD, or a page for who asks for one."""
    with transaction(tenant_id) as session:
        organisation = _get_tenant(session, tenant_id).name
        found = certifying.find_achievement(session, _app_url(), tenant_id, course_id)
    if found is None:
        abort(404)
    wanted = request.accept_mimetypes.best_match([_LINKED, "application/json", "text/html"])
    if wanted == "text/html":
        page = render_template(
            "verify/achievement.html", achievement=found, organisation=organisation
        )
        return page, 200, {"Vary": "Accept"}
    answer = _open(jsonify(as_document(found)), _LINKED)
    answer.vary.add("Accept")
    return answer


@bp.get("/revocations")
@public("ids and reasons of revoked badges, without names")
def revocations(tenant_id: UUID) -> ResponseReturnValue:
    """1EdTech Revocation List Status Method."""
    with transaction(tenant_id) as session:
        _get_tenant(session, tenant_id)
        revoked = certificates.list_revoked(session)
    address = f"{_app_url()}/badges/{tenant_id}/revocations"
    return _open(jsonify(build_revocations(address, issuer_url(_app_url(), tenant_id), revoked)))


def _app_url() -> str:
    url: str = current_app.config["LECTERN"].app_url
    return url


def _get_tenant(session: Session, tenant_id: UUID) -> Tenant:
    tenant = session.get(Tenant, tenant_id)
    if tenant is None:
        abort(404)
    return tenant


def _list_keys(tenant_id: UUID) -> list[dict[str, object]]:
    with transaction(tenant_id) as session:
        _get_tenant(session, tenant_id)
        return badges.list_public_keys(session)


def _open(answer: Response, mimetype: str = "application/json") -> Response:
    answer.mimetype = mimetype
    answer.headers["Access-Control-Allow-Origin"] = "*"  # verifiers are pages of others
    return answer
