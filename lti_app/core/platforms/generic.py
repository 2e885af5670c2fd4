"""A platform without quirks, and every one that we do not know (GEN-1)."""

from lti_app.core.platforms.family import Family

GENERIC = Family(code="generic", label="Other", lanes=2)
