"""Which xAPI a request speaks (1.0.3 Communication 3.3; 2.0 4.1.2). XP-01, XP-02"""

import re

from xapi_lrs.core.errors import InvalidRequest

HEADER = "X-Experience-API-Version"

XAPI_1 = "1.0.3"
XAPI_2 = "2.0.0"
SUPPORTED = (XAPI_1, XAPI_2)
"""What /about lists and answers are labelled with."""

UNVERSIONED = "0.95"
"""Label of the refusal of a request without the header: no version from 1.0 on lacks it, so it is
one of 0.95 or older, and both conformance suites expect that answer. XP-02"""

_SPOKEN = re.compile(r"(1\.0|2\.0)(?:\.\d+)?")


def parse_version(header: str | None) -> str:
    """The version that the request is handled by: "1.0.3" or "2.0.0". Raises InvalidRequest."""
    if header is None:
        raise InvalidRequest(f"the header {HEADER} is missing: send {XAPI_1} or {XAPI_2}")
    match = _SPOKEN.fullmatch(header.strip())
    if match is None:
        raise InvalidRequest(
            f"the header {HEADER} says {header[:50]!r}; this store speaks {' and '.join(SUPPORTED)}"
        )
    return XAPI_1 if match[1] == "1.0" else XAPI_2


def answer_version(header: str | None) -> str:
    """The label of the answer, whatever the request said."""
    if header is None:
        return UNVERSIONED
    match = _SPOKEN.fullmatch(header.strip())
    return XAPI_1 if match is not None and match[1] == "1.0" else XAPI_2
