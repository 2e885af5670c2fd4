"""Sakai (SAKAI-1 to SAKAI-5): what the specifications say, as far as is known."""

from lti_app.core.ags import Verdict
from lti_app.core.platforms.family import Family

SAKAI = Family(
    code="sakai",
    label="Sakai",
    # Services are switched per tool (SAKAI-5): one that is off is answered with 403.
    statuses={403: (Verdict.REFUSED, "forbidden")},
    lanes=2,
)
