"""A badge, clause by clause of Open Badges 3.0; then by a verifier that others wrote.

Rules: docs/rules.md, OB3.
"""

import json
from datetime import UTC, datetime
from uuid import UUID

import jwt
import pytest
from jwcrypto.jwk import JWK
from openbadgeslib.baking import SVG_ELEMENT_OB3, extract_svg
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openbadgeslib.ob3.did import resolve_did

from content.core.badge import SCHEMA, hash_identity, issuer_did
from content.core.outcome import UnitResult
from content.models.certificate import Certificate
from content.services import certificates
from content.services.progress import record_unit_result
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services.content_outcomes import record_content_outcomes
from tests.content.courses import document, enrol, publish, unit

APP_URL = "http://localhost:8000"


@pytest.fixture
def certificate(portal) -> Certificate:
    """Of a learner with a score, valid for a year."""
    learner = portal.sign_in_as(Role.LEARNER)
    lesson, now = unit("package", "Show it"), datetime.now(UTC)
    course = document(
        lesson,
        title="Brandschutz & Erste Hilfe",
        description="Feuer *löschen*.",
        language="de",
        certificate=True,
        certificate_valid_days=365,
    )
    with transaction(portal.tenant) as session:
        enrolment = enrol(session, publish(session, course), learner)
        result = UnitResult("completed", "passed", 0.9)
        outcomes = record_unit_result(session, enrolment.id, UUID(lesson["id"]), result, now)
        record_content_outcomes(session, outcomes, now, APP_URL)
        return certificates.list_own(session, learner)[0]


@pytest.fixture
def token(portal, certificate) -> str:
    answer = portal.get(f"/certificates/{certificate.id}/badge.jwt")
    assert answer.mimetype == "text/plain", "OB3-09"
    return answer.text


@pytest.fixture
def badge(token) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def read(app, address: str, accept="application/ld+json"):
    """What a verifier gets at one of the addresses in a badge."""
    path = address.removeprefix(APP_URL)
    return app.test_client().get(path, base_url=APP_URL, headers={"Accept": accept})


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def walk(value):
    yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in inside:
        yield from walk(inner)


CLAUSES = {
    "OB3-01 both contexts, in their order": lambda b: (
        b["@context"][0] == "https://www.w3.org/ns/credentials/v2"
        and b["@context"][1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0")
    ),
    "OB3-02 its types": lambda b: b["type"] == ["VerifiableCredential", "OpenBadgeCredential"],
    "OB3-03 an id, a name, a time from which it is valid": lambda b: (
        b["id"].startswith("urn:uuid:") and b["name"] and b["validFrom"].endswith("Z")
    ),
    "OB3-04 an issuer with id, type and name": lambda b: (
        b["issuer"]["type"] == ["Profile"] and b["issuer"]["id"] and b["issuer"]["name"]
    ),
    "OB3-05 a subject that is known by id or identifier": lambda b: (
        b["credentialSubject"]["type"] == ["AchievementSubject"] and b["credentialSubject"]["id"]
    ),
    "OB3-06 an achievement with id, criteria, description and name": lambda b: all(
        b["credentialSubject"]["achievement"][name]
        for name in ("id", "type", "criteria", "description", "name")
    ),
    "OB3-07 a result names its description": lambda b: (
        b["credentialSubject"]["result"][0]["resultDescription"]
        == b["credentialSubject"]["achievement"]["resultDescription"][0]["id"]
    ),
    "OB3-08 no null, no empty list": lambda b: all(
        one is not None and one != [] for one in walk(b)
    ),
    "OB3-11 iss is issuer.id": lambda b: b["iss"] == b["issuer"]["id"],
    "OB3-12 jti is id": lambda b: b["jti"] == b["id"],
    "OB3-13 sub is credentialSubject.id": lambda b: b["sub"] == b["credentialSubject"]["id"],
    "OB3-14 nbf is validFrom": lambda b: b["nbf"] == seconds(b["validFrom"]),
    "OB3-15 exp is validUntil": lambda b: b["exp"] == seconds(b["validUntil"]),
    "OB3-16 the schema it conforms to": lambda b: (
        b["credentialSchema"] == [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]
    ),
    "OB3-17 where its revocation is told": lambda b: (
        b["credentialStatus"]["type"] == "1EdTechRevocationList" and b["credentialStatus"]["id"]
    ),
}


def test_a_badge_keeps_each_clause(badge):
    """Open Badges 3.0: B.1 data models, 7.1 JSON, 8.2 JSON Web Token proof. OB3-01 … OB3-17"""
    broken = [clause for clause, is_kept in CLAUSES.items() if not is_kept(badge)]
    assert broken == [], json.dumps(badge, indent=1)


def test_the_header_holds_what_is_allowed_and_no_more(token):
    """8.2.3: alg RS256, kid or jwk, typ JWT. OB3-10"""
    header = jwt.get_unverified_header(token)
    assert header.keys() == {"alg", "kid", "typ"}
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")


def test_the_recipient_is_known_again_by_the_mail_address_which_the_badge_does_not_tell(
    token, badge
):
    """9.3 Verify the Recipient Using an Identifier. OB3-18"""
    known = {one["identityType"]: one for one in badge["credentialSubject"]["identifier"]}
    mail = known["emailAddress"]
    assert mail["hashed"] is True
    assert mail["identityHash"] == hash_identity("learner@school.test", mail["salt"])
    assert "learner@school.test" not in json.dumps(badge)


def test_every_address_in_a_badge_answers_with_the_thing_that_it_names(app, token, badge):
    """8.4 Dereferencing; ids are addresses. OB3-19"""
    for thing in (badge["issuer"], badge["credentialSubject"]["achievement"]):
        answer = read(app, thing["id"])
        assert answer.mimetype == "application/ld+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.json == {"@context": badge["@context"], **thing}
    listed = read(app, badge["credentialStatus"]["id"])
    assert listed.json["issuer"] == badge["iss"]
    assert "d" not in read(app, jwt.get_unverified_header(token)["kid"]).json


def test_a_person_who_follows_the_achievement_gets_a_page(app, badge):
    """The same address, by what is asked for. OB3-19"""
    page = read(app, badge["credentialSubject"]["achievement"]["id"], "text/html,*/*;q=0.1")
    assert page.mimetype == "text/html"
    assert "Brandschutz &amp; Erste Hilfe" in page.text
    assert "Accept" in page.headers["Vary"]


def test_a_course_without_badges_has_no_achievement(app, portal):
    nothing = f"{APP_URL}/badges/{portal.tenant}/achievements/{portal.tenant}"
    assert read(app, nothing).status_code == 404


def test_another_librarys_verifier_accepts_the_badge_by_the_key_it_names(app, token, badge):
    """Signature, claims, types, times: the verifier is not ours. OB3-20"""
    key = JWK(**read(app, jwt.get_unverified_header(token)["kid"]).json)
    verified = OB3Verifier(key.export_to_pem()).verify(token)
    assert verified.issuer.id == badge["issuer"]["id"]
    assert verified.achievement.name == "Brandschutz & Erste Hilfe"


def test_another_librarys_verifier_refuses_what_was_changed(app, token):
    """OB3-20"""
    key = JWK(**read(app, jwt.get_unverified_header(token)["kid"]).json)
    head, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False}) | {"name": "Doctor"}
    forged = jwt.encode(claims, "x" * 32, "HS256").split(".")[1]
    with pytest.raises(OB3VerificationError):
        OB3Verifier(key.export_to_pem()).verify(f"{head}.{forged}.{signature}")


def test_the_issuers_did_leads_to_the_same_key(app, portal, token, badge):
    """did:web 1.0, 2.5.2: the document lies where the name says. OB3-21"""
    did = issuer_did(APP_URL, portal.tenant)
    (other,) = badge["issuer"]["otherIdentifier"]
    assert other["identifier"] == did
    asked = []

    def download(address, *_args, **_kwargs):
        asked.append(address)
        return read(app, address.replace("https://", "http://"), "application/did+ld+json").data

    pem = resolve_did(did, download=download)
    assert asked == [f"https://localhost:8000/badges/{portal.tenant}/did.json"]
    assert OB3Verifier(pem).verify(token).issuer.id == badge["issuer"]["id"]


def test_the_picture_carries_the_badge(portal, certificate, token):
    """5.3.2 Baked Badge; read by a library that did not bake it. OB3-22"""
    picture = portal.get(f"/certificates/{certificate.id}/badge.svg")
    assert picture.mimetype == "image/svg+xml"
    assert extract_svg(picture.data, element=SVG_ELEMENT_OB3) == token
