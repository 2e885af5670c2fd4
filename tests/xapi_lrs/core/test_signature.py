"""Signed statements: the signature is one, of this statement, of its certificate's key. XP-32"""

import base64
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.xapi_lrs.conftest import make_statement
from xapi_lrs.core.signature import signature_fault


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(subject: str, issuer: str, public: Any = None) -> str:
    """`subject`'s certificate, issued by `issuer`, as x5c wants it."""
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(public or key(subject).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key(issuer), hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def sign(payload: Any, algorithm: str = "RS256", signer: str = "ada", **header: Any) -> bytes:
    data = payload if isinstance(payload, bytes) else orjson.dumps(payload)
    secret = "s" * 64 if algorithm.startswith("HS") else key(signer)
    used = None if algorithm == "none" else secret
    return jwt.PyJWS().encode(data, used, algorithm=algorithm, headers=header).encode()


STATEMENT = make_statement(
    timestamp="2026-01-01T12:00:00Z", context={"registration": make_statement()["id"]}
)


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_a_signature_by_each_of_the_three_algorithms_is_good(algorithm):
    """Without a certificate nothing can be verified. XP-32"""
    assert signature_fault(sign(STATEMENT, algorithm), STATEMENT, "1.0.3") is None


@pytest.mark.parametrize("algorithm", ["HS256", "none", "PS256"])
def test_another_algorithm_is_refused(algorithm):
    """XP-32"""
    fault = signature_fault(sign(STATEMENT, algorithm), STATEMENT, "1.0.3")
    assert fault is not None
    assert "RS256, RS384, RS512" in fault


@pytest.mark.parametrize("signature", [b"", b"x", b"a.b.c", b"..", b"\xff.\xff.", b"e30.e30.e30"])
def test_what_is_no_signature_is_refused(signature):
    """XP-32"""
    assert signature_fault(signature, STATEMENT, "1.0.3")


@pytest.mark.parametrize(
    "payload",
    [
        b"{'id': 1}",
        b"[]",
        b"{}",
        b'{"actor": []}',
        STATEMENT | {"id": make_statement()["id"]},
        STATEMENT | {"verb": {"id": "http://example.com/other"}},
        STATEMENT | {"timestamp": "2026-01-01T12:00:01Z"},
        STATEMENT | {"result": {"success": True}},
    ],
)
def test_the_payload_must_say_what_the_statement_says(payload):
    """XP-32"""
    fault = signature_fault(sign(payload), STATEMENT, "1.0.3")
    assert fault is not None
    assert "payload" in fault


def test_what_equality_ignores_may_differ():
    """Attachments, how an instant is written, what the store assigns. XP-32, XP-33"""
    payload = STATEMENT | {"timestamp": "2026-01-01T13:00:00+01:00", "attachments": []}
    stored = STATEMENT | {"stored": "2026-01-02T00:00:00Z", "version": "1.0.3"}
    assert signature_fault(sign(payload), stored, "1.0.3") is None


def test_durations_are_compared_as_the_version_has_it():
    """XP-32, XP-33"""
    signed = STATEMENT | {"result": {"duration": "PT1.234S"}}
    shown = STATEMENT | {"result": {"duration": "PT1.239S"}}
    assert signature_fault(sign(signed), shown, "2.0.0") is None
    assert signature_fault(sign(signed), shown, "1.0.3")


def test_a_certificate_is_checked_when_there_is_one():
    """XP-32"""
    chain = [certificate("ada", "school"), certificate("school", "school")]
    assert signature_fault(sign(STATEMENT, x5c=chain), STATEMENT, "1.0.3") is None
    alone = chain[:1]
    assert signature_fault(sign(STATEMENT, x5c=alone), STATEMENT, "1.0.3") is None


@pytest.mark.parametrize(
    ("chain", "why"),
    [
        (lambda: [certificate("eve", "school")], "not made with the key"),
        (lambda: [certificate("ada", "eve"), certificate("school", "school")], "broken chain"),
        (lambda: ["!"], "cannot be read"),
        (lambda: [7], "cannot be read"),
        (list, "not an array"),
        (lambda: "x", "not an array"),
        (lambda: [certificate("ada", "school")] * 11, "not an array"),
        (
            lambda: [
                certificate("ada", "school", ec.generate_private_key(ec.SECP256R1()).public_key())
            ],
            "not an RSA key",
        ),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused(chain, why):
    """XP-32"""
    fault = signature_fault(sign(STATEMENT, x5c=chain()), STATEMENT, "1.0.3")
    assert fault is not None
    assert why in fault
