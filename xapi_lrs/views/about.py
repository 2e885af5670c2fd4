"""/xapi/<store>/about: what this endpoint speaks; without version header or credential. XP-24"""

from flask import Response

from xapi_lrs.core.about import about
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.views.answers import json_text
from xapi_lrs.views.host import host


def get_about(slug: str) -> Response:
    return json_text(dump_json(about(host().limits)))
