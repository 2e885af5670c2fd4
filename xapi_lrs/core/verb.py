"""Verbs (xAPI 1.0.3 Data 2.4.3)."""

from typing import Any

from xapi_lrs.core.checks import check_iri, check_language_map, check_object
from xapi_lrs.core.problems import Problems

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
"""The one verb with a meaning of its own to the store (1.0.3 Data 2.3.2)."""

VERB = frozenset(("id", "display"))


def check_verb(verb: Any, path: str, problems: Problems) -> None:
    if check_object(verb, VERB, path, problems, "a verb"):
        check_iri(verb, "id", path, problems, required=True)
        check_language_map(verb, "display", path, problems)
