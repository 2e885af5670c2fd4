"""ADL's numbers of the requirements for an LRS (github adlnet/xapi-lrs-conformance-requirements).

Vendors know them from the conformance suite, so a refusal names the one that was broken. A number
belongs to a property wherever that stands, so it is found by the end of the path; what a path says
nothing about is found by our own rule.
"""

import re
from functools import lru_cache

_INDEX = re.compile(r'\[(?:\d+|"[^\n]*")\]')

BY_PROPERTY = {
    "": "XAPI-00006",
    ".id": "XAPI-00027",
    "actor": "XAPI-00003",
    "verb": "XAPI-00004",
    "object": "XAPI-00005",
    "timestamp": "XAPI-00022",
    "stored": "XAPI-00097",
    "authority": "XAPI-00098",
    "version": "XAPI-00101",
    "attachments": "XAPI-00025",
    "actor.objectType": "XAPI-00031",
    "name": "XAPI-00033",
    "member": "XAPI-00036",
    "mbox": "XAPI-00038",
    "mbox_sha1sum": "XAPI-00039",
    "openid": "XAPI-00040",
    "account": "XAPI-00041",
    "account.homePage": "XAPI-00042",
    "account.name": "XAPI-00043",
    "verb.id": "XAPI-00044",
    "verb.display": "XAPI-00045",
    "object.objectType": "XAPI-00046",
    "object.id": "XAPI-00047",
    "definition": "XAPI-00048",
    "interactionType": "XAPI-00049",
    "correctResponsesPattern": "XAPI-00064",
    "definition.name": "XAPI-00056",
    "definition.extensions": "XAPI-00057",
    "definition.description": "XAPI-00059",
    "definition.type": "XAPI-00060",
    "moreInfo": "XAPI-00061",
    "success": "XAPI-00074",
    "completion": "XAPI-00075",
    "response": "XAPI-00076",
    "duration": "XAPI-00077",
    "result.extensions": "XAPI-00078",
    "score": "XAPI-00079",
    "score.max": "XAPI-00080",
    "score.min": "XAPI-00081",
    "score.raw": "XAPI-00082",
    "score.scaled": "XAPI-00083",
    "context.revision": "XAPI-00089",
    "context.platform": "XAPI-00090",
    "contextActivities": "XAPI-00086",
    "context.registration": "XAPI-00087",
    "instructor": "XAPI-00087",
    "team": "XAPI-00088",
    "context.language": "XAPI-00091",
    "context.statement": "XAPI-00092",
    "context.statement.id": "XAPI-00072",
    "parent": "XAPI-00094",
    "grouping": "XAPI-00094",
    "category": "XAPI-00094",
    "other": "XAPI-00094",
    "attachments.length": "XAPI-00102",
    "sha2": "XAPI-00103",
    "fileUrl": "XAPI-00104",
    "contentType": "XAPI-00105",
    "attachments.display": "XAPI-00106",
    "usageType": "XAPI-00107",
    "extensions": "XAPI-00120",
    "statementId": "XAPI-00144",
}
"""End of a path, without places in arrays and quoted keys, to the requirement; with a dot in front
it is the whole path."""

BY_RULE = {
    "XP-15": "XAPI-00324",
    "XP-16": "XAPI-00151",
    "XP-20": "XAPI-00006",
    "XP-21": "XAPI-00007",
    "XP-31": "XAPI-00129",
    "XP-36": "XAPI-00121",
    "XP-37": "XAPI-00011",
    "XP-38": "XAPI-00030",
    "XP-39": "XAPI-00034",
    "XP-41": "XAPI-00049",
}
"""Rule of ours to the nearest requirement."""

FIRST = {
    "XP-32": "XAPI-00116",
    "XP-36": "XAPI-00121",
    "XP-40": "XAPI-00098",
}
"""Rules that one requirement is about, whatever the property."""

NULL = "XAPI-00001"
UNKNOWN = "XAPI-00010"
NO_SCHEME = "XAPI-00011"
IDENTIFIERS = "XAPI-00034"
GROUP_IDENTIFIERS = "XAPI-00037"
ONLY_ACTIVITY = {"revision": "XAPI-00084", "platform": "XAPI-00085"}
VOIDS = "XAPI-00017"
NESTED = "XAPI-00071"


@lru_cache(1024)
def find_requirement(path: str, rule: str) -> str:
    """The requirement's number, or "" where ADL has none."""
    if rule in FIRST:
        return FIRST[rule]
    tail = _INDEX.sub("", path).strip(".")
    found = BY_PROPERTY.get(f".{tail}") or BY_PROPERTY.get(tail)
    while found is None and "." in tail:
        tail = tail.partition(".")[2]
        found = BY_PROPERTY.get(tail)
    return found or BY_RULE.get(rule, "")
