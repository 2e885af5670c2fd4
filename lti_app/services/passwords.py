"""Passwords: Argon2id with the parameters of the OWASP cheat sheet (19 MiB, 2 passes, 1 lane)."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lti_app.core.worded import Worded

MINIMUM_LENGTH = 10
"""Characters; length is the only rule (NIST SP 800-63B 5.1.1.2)."""
MAXIMUM_LENGTH = 1000
"""Characters; so that nobody makes the server hash a book."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class PasswordTooWeak(Worded, ValueError):
    """The password breaks the length rule."""


def hash_password(password: str) -> str:
    """Argon2id in PHC string form; raises PasswordTooWeak."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        template = "A password has %(least)s to %(most)s characters."
        raise PasswordTooWeak(template, least=MINIMUM_LENGTH, most=MAXIMUM_LENGTH)
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether they belong together; takes the same time when there is no hash to compare with."""
    try:
        return _HASHER.verify(password_hash or _nobody(), password[:MAXIMUM_LENGTH])
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(32))
