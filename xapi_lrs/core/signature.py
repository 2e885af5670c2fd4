"""Signed statements (xAPI 1.0.3 Data 2.6; 2.0 4.2.9): is the signature one, and of this statement?

The signature is an attachment: a JSON Web Signature in compact form whose payload is the statement
before the signature was attached. Who signed is proven only when the header brings certificates
(x5c): then the first one's key must have signed, and each must have been issued by the next.
Whether the last one is to be trusted is for the reader to decide. Without x5c nothing can be
verified, and nothing may be refused (suite and specification agree). XP-32
"""

import base64
import binascii
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWS
from jwt.exceptions import PyJWTError

from xapi_lrs.core.comparison import same_statement
from xapi_lrs.core.errors import MalformedJson
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.strict_json import parse_json

ALGORITHMS = ("RS256", "RS384", "RS512")
LONGEST = 4 * 1024 * 1024
"""Octets of a signature: a statement in base64, and certificates."""

_MOST_CERTIFICATES = 10


def signature_fault(signature: bytes, statement: JsonObject, version: str) -> str | None:
    """What is wrong with the signature of a valid statement; None: it is good."""
    try:
        header, payload = _read(signature)
        _compare(payload, statement, version)
        if "x5c" in header:
            _verify(signature, header)
    except _Fault as fault:
        return str(fault)
    return None


class _Fault(ValueError):
    """Why it is refused."""


def _read(signature: bytes) -> tuple[JsonObject, bytes]:
    try:
        read = PyJWS().decode_complete(signature, options={"verify_signature": False})
    except (PyJWTError, ValueError) as error:
        raise _Fault(f"is not a JSON Web Signature in compact form: {error}") from None
    header = read["header"]
    if header.get("alg") not in ALGORITHMS:
        raise _Fault(f"must be signed by {', '.join(ALGORITHMS)}, not {header.get('alg')!r:.50}")
    return header, read["payload"]


def _compare(payload: bytes, statement: JsonObject, version: str) -> None:
    """The payload says what the statement says, its signature aside."""
    try:
        signed = parse_json(payload)
    except MalformedJson as error:
        raise _Fault(f"has a payload that is no statement: {error.message}") from None
    if type(signed) is not dict or not _same(signed, statement, version):
        raise _Fault("has a payload that says something else than the statement")


def _same(signed: JsonObject, statement: JsonObject, version: str) -> bool:
    ids = [one["id"].lower() for one in (signed, statement) if type(one.get("id")) is str]
    if len(set(ids)) > 1:
        return False
    try:
        return same_statement(signed, statement, version)
    except (KeyError, TypeError, AttributeError):  # the payload is not even shaped like one
        return False


def _verify(signature: bytes, header: JsonObject) -> None:
    chain = _certificates(header["x5c"])
    for lower, upper in pairwise(chain):
        try:
            lower.verify_directly_issued_by(upper)
        except (InvalidSignature, ValueError, TypeError) as error:
            raise _Fault(f"has a broken chain of certificates (x5c): {error}") from None
    key = chain[0].public_key()
    if not isinstance(key, RSAPublicKey):
        raise _Fault("has a certificate (x5c) whose key is not an RSA key")
    try:
        PyJWS().decode_complete(signature, key, algorithms=list(ALGORITHMS))
    except PyJWTError as error:
        raise _Fault(f"was not made with the key of its certificate (x5c): {error}") from None


def _certificates(x5c: Any) -> list[x509.Certificate]:
    if type(x5c) is not list or not 0 < len(x5c) <= _MOST_CERTIFICATES:
        raise _Fault(f"has an x5c that is not an array of 1 to {_MOST_CERTIFICATES} certificates")
    try:
        return [x509.load_der_x509_certificate(base64.b64decode(one)) for one in x5c]
    except (ValueError, TypeError, binascii.Error) as error:
        raise _Fault(f"has an x5c that cannot be read: {error}") from None
