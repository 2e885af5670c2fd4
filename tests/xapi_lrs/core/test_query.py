"""The parameters of GET and PUT statements."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from xapi_lrs.core.errors import InvalidRequest
from xapi_lrs.core.query import StatementQuery, parse_statement_id, parse_statement_request

ID = "0e0a5d0c-5c2a-4b0e-9a6e-111111111111"


def test_every_parameter_is_understood():
    asked = parse_statement_request(
        [
            ("agent", '{"mbox": "mailto:Ada@EXAMPLE.com"}'),
            ("verb", "http://adlnet.gov/expapi/verbs/completed"),
            ("activity", "https://example.com/é?a=1&b=2"),
            ("registration", ID.upper()),
            ("related_agents", "true"),
            ("related_activities", "false"),
            ("since", "2026-01-01T00:00:00+01:00"),
            ("until", "2026-02-01T00:00:00Z"),
            ("limit", "10"),
            ("ascending", "true"),
            ("format", "ids"),
            ("attachments", "false"),
        ]
    )
    assert asked.query == StatementQuery(
        agent="mailto:Ada@example.com",
        verb="http://adlnet.gov/expapi/verbs/completed",
        activity="https://example.com/é?a=1&b=2",
        registration=UUID(ID),
        related_agents=True,
        since=datetime(2025, 12, 31, 23, tzinfo=UTC),
        until=datetime(2026, 2, 1, tzinfo=UTC),
        limit=10,
        ascending=True,
    )
    assert (asked.statement_id, asked.format, asked.attachments) == (None, "ids", False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("StatementId", ID), ("foo", "bar"), ("Limit", "1"), ("method", "GET"), ("content", "")),
        *(("statementId", "1"), ("statementId", f"{{{ID}}}"), ("voidedStatementId", "")),
        *(("agent", "ada"), ("agent", "{}"), ("agent", '{"mbox":"ada"}'), ("agent", "null")),
        ("agent", '{"objectType":"Group","member":[{"mbox":"mailto:a@b"}]}'),
        ("agent", '{"mbox":"mailto:a@b","mbox":"mailto:a@b"}'),
        *(("verb", "completed"), ("activity", "course"), ("registration", "1"), ("since", "now")),
        *(("until", "2026-01-01T00:00:00-00:00"), ("since", "2026-01-01T00:00:00 01:00")),
        *(("limit", "-1"), ("limit", "1.5"), ("limit", "x"), ("limit", "١"), ("limit", "9" * 40)),
        *(("ascending", "True"), ("ascending", "1"), ("related_agents", ""), ("format", "Exact")),
        *(("attachments", "yes"), ("cursor", "x")),
    ],
)
def test_unknown_names_wrong_case_and_wrong_values_are_refused(name, value):
    """XP-15, XP-44"""
    with pytest.raises(InvalidRequest) as refused:
        parse_statement_request([(name, value)])
    assert [one.path for one in refused.value.problems] == [name]


def test_all_wrong_parameters_are_told_at_once():
    with pytest.raises(InvalidRequest) as refused:
        parse_statement_request([("limit", "x"), ("verb", "y"), ("foo", "z"), ("limit", "1")])
    assert [one.path for one in refused.value.problems] == ["limit", "verb", "foo", "limit"]


@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
def test_a_single_statement_takes_no_filter(name):
    """XP-16"""
    parse_statement_request([(name, ID), ("format", "exact"), ("attachments", "true")])
    for other in (("limit", "1"), ("verb", "urn:x"), ("ascending", "true"), ("cursor", "1")):
        with pytest.raises(InvalidRequest):
            parse_statement_request([(name, ID), other])
    with pytest.raises(InvalidRequest):
        parse_statement_request([("statementId", ID), ("voidedStatementId", ID)])


@pytest.mark.parametrize(
    "pairs", [[], [("statementId", "1")], [("statementId", ID), ("statementId", ID)], [("x", "1")]]
)
def test_put_needs_exactly_one_statement_id(pairs):
    """XP-26"""
    with pytest.raises(InvalidRequest):
        parse_statement_id(pairs)
