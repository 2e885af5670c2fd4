"""What /about says (xAPI 1.0.3 Communication 2.8). XP-24"""

from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.store import Limits
from xapi_lrs.core.versions import SUPPORTED, XAPI_1

LIMITS = "https://lectern.dev/xapi/extensions/limits"


def about(limits: Limits, version: str | None = None) -> JsonObject:
    """`version`: what the asking client speaks, if it said so. One that says 1.0.x is told of 1.0.3
    only: the Python package tincan, for one, fails on a list with a version it does not know."""
    return {
        "version": [version] if version == XAPI_1 else list(SUPPORTED),
        "extensions": {
            LIMITS: {
                "bodyBytes": limits.body_bytes,
                "statementsPerRequest": limits.batch,
                "statementsPerPage": limits.page,
            }
        },
    }
