"""What /about says (xAPI 1.0.3 Communication 2.8). XP-24"""

from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.store import Limits
from xapi_lrs.core.versions import SUPPORTED

LIMITS = "https://lectern.dev/xapi/extensions/limits"


def about(limits: Limits) -> JsonObject:
    return {
        "version": list(SUPPORTED),
        "extensions": {
            LIMITS: {
                "bodyBytes": limits.body_bytes,
                "statementsPerRequest": limits.batch,
                "statementsPerPage": limits.page,
            }
        },
    }
