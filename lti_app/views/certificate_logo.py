"""Logos of certificates: taken in as pictures only, shown inside the drawing."""

import io
from base64 import b64encode
from hashlib import sha256
from uuid import UUID

from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError

from lti_app.storage import storage
from scorm_runtime.storage.errors import ObjectMissing

LARGEST = 1024 * 1024
_MOST_PIXELS = 6_000_000
_SHOWN = (1400, 400)
"""Pixels at most: 70 × 20 mm at 500 dots an inch."""


class LogoInvalid(ValueError):
    """It cannot be used; the message says what to mend."""


def keep_logo(tenant_id: UUID, given: bytes) -> str:
    """Store a PNG or JPEG, written anew without anything but its pixels; its key."""
    if len(given) > LARGEST:
        raise LogoInvalid(_("The logo is larger than 1 MB: make it smaller."))
    try:
        opened = Image.open(io.BytesIO(given), formats=("PNG", "JPEG"))
        if opened.width * opened.height > _MOST_PIXELS:
            raise LogoInvalid(_("The logo has too many pixels: 1400 × 400 are enough."))
        picture = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        if isinstance(error, LogoInvalid):
            raise
        raise LogoInvalid(_("The logo must be a PNG or JPEG picture.")) from None
    picture.thumbnail(_SHOWN)
    written = io.BytesIO()
    picture.save(written, "PNG")
    content = written.getvalue()
    key = f"certificates/{tenant_id}/logos/{sha256(content).hexdigest()}.png"
    storage().put(key, [content])
    return key


def data_address(key: str) -> str:
    """The logo as a data: address; "" where there is none."""
    if not key:
        return ""
    try:
        content = b"".join(storage().read(key))
    except ObjectMissing:
        return ""
    return "data:image/png;base64," + b64encode(content).decode()
