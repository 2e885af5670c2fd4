"""A certificate as Open Badges 3.0: the credential, its achievement and its issuer, as JSON.

Source: 1EdTech Open Badges Specification 3.0 (B.1 data models, 8.2 JSON Web Token proof format);
W3C Verifiable Credentials Data Model 2.0. Signing is the host's.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid5

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
_DID_CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1")
_SUBJECTS = UUID("4d1f0f0e-6a0c-5b5e-9d55-5d3d2f0f7b11")
"""Namespace of learners' names in badges: they lead back to nobody."""


@dataclass(frozen=True)
class Award:
    """What a badge says."""

    certificate_id: UUID
    user_id: UUID
    course_id: UUID
    course_title: str
    course_description: str
    organisation: str
    recipient_name: str
    email: str
    """Only a salted hash of it gets into the badge; "" for none."""
    language: str
    number: str
    score_scaled: float | None
    issued_at: datetime
    expires_at: datetime | None


def issuer_url(app_url: str, tenant_id: UUID) -> str:
    return f"{app_url}/badges/{tenant_id}/issuer"


def issuer_did(app_url: str, tenant_id: UUID) -> str:
    """The same issuer as a DID (did:web 1.0, 2.1): its document lies at
    `<app_url>/badges/<tenant>/did.json`, read over HTTPS."""
    parts = urlsplit(app_url)
    path = [part for part in parts.path.split("/") if part]
    return ":".join(["did:web", quote(parts.netloc, safe=""), *path, "badges", str(tenant_id)])


def build_did_document(
    app_url: str, tenant_id: UUID, jwks: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Every key of `jwks` as a way to verify what the issuer asserts (DID Core 1.0, 5)."""
    did = issuer_did(app_url, tenant_id)
    methods = [
        {
            "id": f"{did}#{jwk['kid']}",
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": jwk,
        }
        for jwk in jwks
    ]
    return {
        "@context": list(_DID_CONTEXT),
        "id": did,
        "alsoKnownAs": [issuer_url(app_url, tenant_id)],
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def build_profile(app_url: str, tenant_id: UUID, organisation: str) -> dict[str, Any]:
    """The issuer (B.1.8 Profile)."""
    did = issuer_did(app_url, tenant_id)
    return {
        "id": issuer_url(app_url, tenant_id),
        "type": ["Profile"],
        "name": organisation,
        "url": app_url,
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": did, "identifierType": "identifier"}
        ],
    }


def build_achievement(app_url: str, tenant_id: UUID, award: Award) -> dict[str, Any]:
    """What was achieved (B.1.1 Achievement)."""
    told = award.course_description.strip() or award.course_title
    address = f"{app_url}/badges/{tenant_id}/achievements/{award.course_id}"
    achievement: dict[str, Any] = {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": award.course_title,
        "description": told,
        "inLanguage": award.language,
        "criteria": {"id": address, "narrative": told},
    }
    if award.score_scaled is not None:
        achievement["resultDescription"] = [
            {
                "id": _score_id(award.course_id),
                "type": ["ResultDescription"],
                "name": "Score",
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
            }
        ]
    return achievement


def as_document(thing: dict[str, Any]) -> dict[str, Any]:
    """A part of a badge as it answers at its own address (7.2 JSON-LD)."""
    return {"@context": list(CONTEXT), **thing}


def build_credential(app_url: str, tenant_id: UUID, award: Award) -> dict[str, Any]:
    """The OpenBadgeCredential (B.1.2 AchievementCredential), unsigned."""
    credential: dict[str, Any] = {
        "@context": list(CONTEXT),
        "id": f"urn:uuid:{award.certificate_id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.course_title,
        "issuer": build_profile(app_url, tenant_id, award.organisation),
        "validFrom": write_time(award.issued_at),
        "credentialSubject": _build_subject(app_url, tenant_id, award),
        "evidence": [
            {
                "id": f"{app_url}/verify/{award.number}",
                "type": ["Evidence"],
                "name": award.number,
            }
        ],
        "credentialStatus": {
            "id": f"{app_url}/badges/{tenant_id}/revocations",
            "type": "1EdTechRevocationList",
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if award.expires_at is not None:
        credential["validUntil"] = write_time(award.expires_at)
    return credential


def build_claims(credential: dict[str, Any]) -> dict[str, Any]:
    """The payload of the JSON Web Token (8.2.4.1): the credential with the registered claims."""
    claims = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    return claims


def build_revocations(address: str, issuer: str, revoked: list[tuple[UUID, str]]) -> dict[str, Any]:
    """The list of what was revoked (1EdTech Revocation List): (certificate, reason)."""
    return {
        "id": address,
        "issuer": issuer,
        "revokedCredential": [
            {"id": f"urn:uuid:{identity}", "revoked": True, "revocationReason": reason}
            for identity, reason in revoked
        ],
    }


def hash_identity(email: str, salt: str) -> str:
    """B.1.16 IdentityHash: SHA-256 of the identity, lower case, followed by the salt."""
    return "sha256$" + hashlib.sha256((email.strip().lower() + salt).encode()).hexdigest()


def write_time(moment: datetime) -> str:
    """As xsd:dateTime in UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _build_subject(app_url: str, tenant_id: UUID, award: Award) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{uuid5(_SUBJECTS, f'{tenant_id}/{award.user_id}')}",
        "type": ["AchievementSubject"],
        "achievement": build_achievement(app_url, tenant_id, award),
    }
    identifiers = [_identity(award.recipient_name, "name")] if award.recipient_name else []
    if award.email:
        salt = award.certificate_id.hex
        hashed = {**_identity(hash_identity(award.email, salt), "emailAddress"), "hashed": True}
        identifiers.append({**hashed, "salt": salt})
    if identifiers:
        subject["identifier"] = identifiers
    if award.score_scaled is not None:
        told = f"{round(award.score_scaled * 100)}"
        described = _score_id(award.course_id)
        subject["result"] = [{"type": ["Result"], "resultDescription": described, "value": told}]
    return subject


def _score_id(course_id: UUID) -> str:
    return f"urn:uuid:{uuid5(course_id, 'score')}"


def _identity(value: str, kind: str) -> dict[str, Any]:
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": value,
        "identityType": kind,
    }


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
