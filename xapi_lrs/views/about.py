"""/xapi/<store>/about: what this endpoint speaks; without version header or credential. XP-24"""

from flask import Response, request

from xapi_lrs.core.about import about
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.core.versions import HEADER, answer_version
from xapi_lrs.views.answers import json_text
from xapi_lrs.views.host import host


def get_about(slug: str) -> Response:
    said = request.headers.get(HEADER)
    spoken = answer_version(said) if said else None
    return json_text(dump_json(about(host().limits, spoken)))
