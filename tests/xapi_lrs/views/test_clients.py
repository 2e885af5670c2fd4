"""A client that nobody here wrote, over a real connection."""

from uuid import uuid4

import pytest
import tincan


@pytest.fixture
def remote(lrs, live_url) -> tincan.RemoteLRS:
    endpoint = f"{live_url}/{lrs.slug}/"
    return tincan.RemoteLRS(
        endpoint=endpoint, version="1.0.3", username=lrs.key, password=lrs.secret
    )


def tincan_statement(**changes) -> tincan.Statement:
    parts = {
        "id": str(uuid4()),
        "actor": tincan.Agent(name="Ada", mbox="mailto:ada@example.com"),
        "verb": tincan.Verb(id="http://adlnet.gov/expapi/verbs/completed", display={"en": "done"}),
        "object": tincan.Activity(id="https://example.com/course/1"),
        "result": tincan.Result(score=tincan.Score(scaled=0.5), success=True),
        "context": tincan.Context(registration=str(uuid4())),
    }
    return tincan.Statement(**(parts | changes))


def test_tincan_saves_and_retrieves_a_statement(remote):
    statement = tincan_statement()
    saved = remote.save_statement(statement)
    assert saved.success, saved.data
    found = remote.retrieve_statement(str(statement.id))
    assert found.success
    assert found.content.actor.mbox == "mailto:ada@example.com"
    assert found.content.result.score.scaled == 0.5
    assert found.content.authority is not None
    assert found.content.stored is not None


def test_tincan_saves_a_batch_and_reads_it_page_by_page(remote):
    statements = [tincan_statement() for _ in range(7)]
    assert remote.save_statements(statements).success
    agent = tincan.Agent(mbox="mailto:ada@example.com")
    answer = remote.query_statements({"agent": agent, "limit": 3, "ascending": "true"})
    assert answer.success, answer.data
    seen = [str(one.id) for one in answer.content.statements]
    while answer.content.more:
        answer = remote.more_statements(answer.content)
        assert answer.success, answer.data
        seen += [str(one.id) for one in answer.content.statements]
    assert seen == [str(one.id) for one in statements]


def test_tincan_asks_what_this_store_speaks(remote):
    answer = remote.about()
    assert answer.success
    assert "1.0.3" in answer.content.version


def test_tincan_is_told_why_a_statement_is_refused(remote):
    statement = tincan_statement(verb=tincan.Verb(id="no iri"))
    answer = remote.save_statement(statement)
    assert not answer.success
    assert "verb.id" in answer.data
