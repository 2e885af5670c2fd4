"""The `lti_message_hint`: what ties an authentication request to the page that started it.

The request comes from inside a cross-site frame, so the platform's cookie is not there to say who
asks. The hint does: it is signed, it names one prepared launch, and that launch is taken once.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "lti_message_hint"


class HintInvalid(Exception):
    """The hint was not made by this platform, or was changed on the way."""


def sign_hint(secret: str, launch_id: str) -> str:
    """A URL-safe text that only this platform can make."""
    return str(URLSafeSerializer(secret, salt=_SALT).dumps(launch_id))


def read_hint(secret: str, text: str) -> str:
    """The launch id in the hint; raises HintInvalid."""
    try:
        launch_id = URLSafeSerializer(secret, salt=_SALT).loads(text)
    except BadSignature as error:
        raise HintInvalid from error
    if not isinstance(launch_id, str):
        raise HintInvalid
    return launch_id
