"""Single statements that come at once share transactions; each request is still by itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.xapi_lrs.conftest import make_statement


@pytest.fixture
def together(lrs):
    """Sends each statement by a client of its own, all at once; statuses in their order."""

    def send(statements):
        def post(statement):
            client = lrs.client.application.test_client()
            return replace(lrs, client=client).post(statement)

        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(post, statements))

    return send


def test_each_answer_is_the_requests_own(lrs, together):
    """XP-22"""
    statements = [make_statement() for _ in range(40)]
    answers = together(statements)
    assert [one.json for one in answers] == [[one["id"]] for one in statements]
    for one in statements:
        assert lrs.get(statementId=one["id"]).status_code == 200


def test_the_host_hears_of_each_request(together, reports):
    """As if nobody shared."""
    del reports.batches[:]
    statements = [make_statement() for _ in range(24)]
    together(statements)
    told = [[str(new.statement_id) for new in batch.new] for batch in reports.batches]
    assert sorted(told) == sorted([one["id"]] for one in statements)


def test_a_bad_statement_fails_none_of_its_neighbours(lrs, together):
    """XP-22, XP-26: neither an invalid one nor one that contradicts what is there."""
    there = make_statement()
    lrs.post(there)
    good = [make_statement() for _ in range(24)]
    invalid = make_statement(actor={"mbox": "nobody"})
    other = there | {"verb": {"id": "https://example.com/verbs/other"}}
    answers = together([*good[:8], invalid, *good[8:16], other, *good[16:]])
    statuses = [one.status_code for one in answers]
    assert (statuses[8], statuses[17]) == (400, 409)
    assert statuses.count(200) == 24
    assert answers[8].json["error"]["details"][0]["path"] == "actor.mbox"
    assert set(lrs.ids(limit=25)) == {there["id"], *(one["id"] for one in good)}


def test_the_same_statement_sent_by_several_at_once_is_stored_once(lrs, together):
    """XP-26"""
    statement = make_statement()
    assert {one.status_code for one in together([statement] * 12)} == {200}
    assert lrs.ids() == [statement["id"]]
