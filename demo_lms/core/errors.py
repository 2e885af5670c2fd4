"""Why the Demo LMS says no. One class per kind of answer; the message names what is wrong."""

from __future__ import annotations


class Refused(Exception):
    """The base: a request that breaks one of the platform's rules. Nothing was changed."""


class LoginRefused(Refused):
    """An authentication request that gets an OAuth error, posted to the tool's redirect URI."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


class RedirectUriUnknown(Refused):
    """The error can be told to the person only: nothing may be posted to an unknown address."""


class TokenRefused(Refused):
    """A token request that is refused with an OAuth error code (RFC 6749, 5.2)."""

    def __init__(self, code: str, description: str, status_hint: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status_hint = status_hint


class ServiceRefused(Refused):
    """A service call (AGS) that is refused; the reason travels in the HTTP reason phrase."""

    def __init__(self, status_hint: int, reason: str) -> None:
        super().__init__(reason)
        self.status_hint = status_hint
        self.reason = reason


class DeepLinkRefused(Refused):
    """A deep linking response that is not taken; the message is for the teacher."""


class RegistrationRefused(Refused):
    """A dynamic registration that is refused; the code is what the tool reads."""

    def __init__(self, status_hint: int, code: str) -> None:
        super().__init__(code)
        self.status_hint = status_hint
        self.code = code
