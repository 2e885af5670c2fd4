"""Each rule of the record store has a test that cites it."""

import re

import pytest

from tests.house.test_files import ROOT, sources

XAPI = {
    "XP-01": "the answer says the version",
    "XP-02": "a request says its version",
    "XP-03": "alternate request syntax",
    "XP-04": "PUT over a document without a precondition",
    "XP-05": "PUT of a new profile without a precondition",
    "XP-06": "ETag",
    "XP-07": "If-Match on DELETE and POST",
    "XP-08": "Last-Modified",
    "XP-09": "the same id twice in a batch; an unknown activity",
    "XP-10": "context agents and groups",
    "XP-11": "timestamps",
    "XP-12": "a statement's version",
    "XP-13": "multipart without files",
    "XP-14": "400 means 400",
    "XP-15": "unknown parameters",
    "XP-16": "parameters that exclude each other",
    "XP-17": "Consistent-Through",
    "XP-18": "HEAD, no Content-Length",
    "XP-19": "credentials",
    "XP-20": "strict JSON",
    "XP-21": "null, empty and unknown properties",
    "XP-22": "a batch is atomic",
    "XP-23": "documents",
    "XP-24": "agents, about",
    "XP-25": "activities are merged",
    "XP-26": "PUT of statements, the same again",
    "XP-27": "more",
    "XP-28": "CORS",
    "XP-29": "filters through StatementRefs",
    "XP-30": "voiding",
    "XP-31": "attachments",
    "XP-32": "signatures",
    "XP-33": "equality",
    "XP-34": "durations",
    "XP-35": "scores",
    "XP-36": "language tags",
    "XP-37": "IRIs",
    "XP-38": "UUIDs",
    "XP-39": "actors",
    "XP-40": "authority and stored",
    "XP-41": "what stands where",
    "XP-42": "formats",
    "XP-43": "since and until",
    "XP-44": "agents as parameters",
    "XP-45": "a suite that hangs is stopped",
    "XP-46": "passed is all of them",
    "XP-47": "connections are kept",
    "XP-49": "unknown headers are passed over",
    "XP-50": "what no suite tests",
}
"""Rule to its subject. XP-48, that a suite leaves its statements behind, is what
`make conformance` does: it runs twice on one store."""


@pytest.fixture(scope="module")
def cited() -> set[str]:
    texts = (p.read_text() for p in sources(".py") if p.is_relative_to(ROOT / "tests"))
    found: set[str] = set()
    for path_text in texts:
        if "XAPI = {" not in path_text:  # this file
            found.update(re.findall(r"\bXP-\d\d\b", path_text))
    return found


@pytest.mark.parametrize("rule", XAPI)
def test_a_test_cites_the_rule(rule, cited):
    assert rule in cited, f"no test cites {rule}: {XAPI[rule]}"


def test_no_test_cites_a_rule_that_is_none(cited):
    assert cited <= XAPI.keys() | {"XP-48"}
