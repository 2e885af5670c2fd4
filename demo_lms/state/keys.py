"""The platform's RSA key and its secret, made on the first start and kept in the data folder."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


@dataclass(frozen=True)
class PlatformKey:
    """The signing key; parsed once, because parsing costs more than signing."""

    kid: str
    private: rsa.RSAPrivateKey
    jwk: dict[str, Any]  # the public half as the key set shows it


def load_key(folder: Path) -> PlatformKey:
    """The key in the folder, made when there is none."""
    pem = _kept(folder / "platform-key.pem", _new_pem)
    private = serialization.load_pem_private_key(pem, None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"{folder / 'platform-key.pem'} is not an RSA key.")
    public = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    numbers = {"e": public["e"], "kty": "RSA", "n": public["n"]}
    kid = thumbprint(numbers)
    return PlatformKey(kid, private, {**numbers, "alg": "RS256", "use": "sig", "kid": kid})


def load_secret(folder: Path) -> str:
    """The secret that signs cookies and hints, made when there is none."""
    return _kept(folder / "secret", lambda: secrets.token_urlsafe(48).encode()).decode()


def thumbprint(numbers: dict[str, str]) -> str:
    """RFC 7638: the key's name is derived from the key, so it is stable and unique."""
    text = json.dumps(numbers, sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def _kept(file: Path, make: Any) -> bytes:
    """The file's content, made once even when two processes start at the same moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(beside, file)
        beside.unlink()
    return file.read_bytes()


def _new_pem() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
