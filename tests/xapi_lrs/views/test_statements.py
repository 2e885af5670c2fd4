"""/xapi/<store>/statements as a vendor meets it."""

import json
from datetime import datetime
from uuid import uuid4

import pytest

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_statement import BOB, COURSE, FULL
from tests.xapi_lrs.services.test_statements import voids

CONSISTENT_THROUGH = "X-Experience-API-Consistent-Through"
JSON = "application/json"


def error(answer) -> dict:
    return answer.json["error"]


def test_post_answers_the_ids_in_order_and_get_gives_the_statement_back(lrs):
    bodies = [FULL | {"id": str(uuid4())}, make_statement(id=None), make_statement()]
    answer = lrs.post(*bodies)
    assert answer.status_code == 200
    assert [answer.json[0], answer.json[2]] == [bodies[0]["id"], bodies[2]["id"]]
    parents = {"parent": [COURSE], "category": [COURSE]}
    sent = bodies[0] | {"context": FULL["context"] | {"contextActivities": parents}}
    got = lrs.get(statementId=answer.json[0]).json
    assert {key: got[key] for key in sent} == sent
    assert set(got) - set(sent) == {"stored", "authority"}


def test_a_single_statement_is_answered_with_a_list_of_one(lrs):
    statement = make_statement()
    assert lrs.post(statement).json == [statement["id"]]


def test_put_stores_under_the_id_of_the_address(lrs):
    """XP-26"""
    statement_id = str(uuid4())
    answer = lrs.put(make_statement(id=None), statement_id)
    assert (answer.status_code, answer.data) == (204, b"")
    assert lrs.get(statementId=statement_id.upper()).json["id"] == statement_id


@pytest.mark.parametrize("again", ["put", "post"])
def test_the_same_statement_again_changes_nothing_and_another_one_is_a_conflict(lrs, again):
    """XP-26"""
    statement = make_statement()
    assert lrs.put(statement).status_code == 204
    before = lrs.get(statementId=statement["id"]).data
    send = getattr(lrs, again)
    assert send(statement).status_code in (200, 204)
    refused = send(statement | {"actor": BOB})
    assert refused.status_code == 409
    assert error(refused)["code"] == "statement_conflict"
    assert statement["id"] in error(refused)["message"]
    assert lrs.get(statementId=statement["id"]).data == before


def test_put_refuses_a_missing_id_another_id_and_an_array(lrs):
    """XP-26"""
    statement = make_statement()
    no_id = lrs("PUT", data=json.dumps(statement), content_type=JSON)
    assert (no_id.status_code, error(no_id)["details"][0]["path"]) == (400, "statementId")
    other = lrs.put(statement, str(uuid4()))
    assert (other.status_code, error(other)["details"][0]["rule"]) == (400, "XP-26")
    query = {"statementId": statement["id"]}
    array = lrs("PUT", query_string=query, data=json.dumps([statement]), content_type=JSON)
    assert array.status_code == 400
    assert lrs.get(statementId=statement["id"]).status_code == 404


def test_a_refusal_names_every_path_and_rule_and_stores_nothing(lrs):
    """XP-14, XP-22"""
    good, bad = make_statement(), make_statement(actor={}, verb={"id": "x"})
    answer = lrs.post(good, bad)
    assert answer.status_code == 400
    assert error(answer)["code"] == "invalid_statements"
    assert [(one["path"], one["rule"]) for one in error(answer)["details"]] == [
        ("[1].actor", "XP-39"),
        ("[1].verb.id", "XP-37"),
    ]
    assert lrs.ids() == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *((b"", JSON), (b"{", JSON), (b'{"actor":1,"actor":1}', JSON), (b"NaN", JSON)),
        *((b"[[]]", JSON), (b"null", JSON), (b"1", JSON), (b'"x"', JSON), (b"[" * 9000, JSON)),
        *((b"{}", ""), (b"{}", "text/plain"), (b"{}", "application/x-www-form-urlencoded")),
        *((b"{}", "application/json; charset=latin-1"), (b"{}", "multipart/form-data")),
        (b"--x\r\n\r\n--x--", "multipart/mixed; boundary=x"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_cannot_be_read_is_400_as_json(lrs, method, body, kind):
    """Not 415, not 422, not an HTML page. XP-14, XP-20"""
    query = {"statementId": str(uuid4())} if method == "PUT" else {}
    answer = lrs(method, data=body, content_type=kind, query_string=query)
    assert answer.status_code == 400
    assert error(answer)["message"]


def test_a_compressed_body_is_refused_with_a_reason(lrs):
    headers = {"Content-Encoding": "gzip"}
    answer = lrs("POST", data=b"x", content_type=JSON, headers=headers)
    assert (answer.status_code, "uncompressed" in error(answer)["message"]) == (400, True)


def test_too_many_bytes_or_statements_are_413_and_say_how_many_are_taken(lrs):
    large = lrs.post(make_statement(result={"response": "x" * 200_000}))
    assert (large.status_code, error(large)["code"]) == (413, "too_large")
    assert "200000" in error(large)["message"]
    many = lrs("POST", data=b"[" + b",".join([b"1"] * 101) + b"]", content_type=JSON)
    assert (many.status_code, "takes 100" in error(many)["message"]) == (413, True)


def test_post_takes_no_parameters_and_get_only_known_ones(lrs):
    """XP-15, XP-03"""
    statement = make_statement()
    for query in ({"statementId": statement["id"]}, {"method": "PUT"}, {"foo": "bar"}):
        assert lrs.post(statement, query_string=query).status_code == 400
    for query in ({"foo": "bar"}, {"StatementId": statement["id"]}, {"Limit": 1}):
        answer = lrs.get(**query)
        assert (answer.status_code, error(answer)["details"][0]["rule"]) == (400, "XP-15")
    assert lrs.get(statementId=statement["id"], limit=1).status_code == 400


def test_a_list_is_newest_first_and_empty_is_no_error(lrs):
    """XP-44"""
    assert lrs.get().json == {"statements": [], "more": ""}
    first, second = make_statement(), make_statement(actor=BOB)
    lrs.post(first)
    lrs.post(second)
    assert lrs.ids() == [second["id"], first["id"]]
    assert lrs.ids(ascending="true") == [first["id"], second["id"]]
    assert lrs.ids(agent=json.dumps(BOB)) == [second["id"]]
    assert lrs.ids(agent='{"mbox":"mailto:nobody@example.com"}') == []
    assert lrs.ids(format="ids", limit=1) == [second["id"]]


def test_more_leads_through_everything_and_keeps_the_question(lrs):
    """XP-27"""
    bodies = [make_statement(verb={"id": "urn:v?a=1&b=é"}) for _ in range(60)]
    lrs.post(*bodies)
    lrs.post(make_statement())
    page = lrs.get(verb="urn:v?a=1&b=é", ascending="true", format="ids")
    seen = [one["id"] for one in page.json["statements"]]
    assert len(seen) == 25
    while page.json["more"]:
        assert page.json["more"].startswith("/xapi/default/statements?")
        page = lrs("GET", page.json["more"])
        assert page.json["statements"][0]["verb"] == {"id": "urn:v?a=1&b=é"}
        seen += [one["id"] for one in page.json["statements"]]
    assert seen == [body["id"] for body in bodies]


def test_voiding_hides_the_statement_and_shows_the_voider(lrs):
    """XP-30"""
    statement = make_statement()
    voider = voids(statement)
    lrs.post(statement)
    lrs.post(voider)
    assert lrs.get(statementId=statement["id"]).status_code == 404
    assert lrs.get(voidedStatementId=statement["id"]).json["id"] == statement["id"]
    assert lrs.get(statementId=voider["id"]).status_code == 200
    assert lrs.get(voidedStatementId=voider["id"]).status_code == 404
    assert lrs.ids() == [voider["id"]]


def test_head_is_get_without_the_body(lrs):
    """XP-18"""
    statement = make_statement()
    lrs.post(statement)
    for query in ({}, {"statementId": statement["id"]}):
        head, get = (lrs(method, query_string=query) for method in ("HEAD", "GET"))
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_every_answer_says_its_version_and_how_far_the_store_can_be_read(lrs):
    """XP-01, XP-17"""
    statement = make_statement()
    stored = lrs.post(statement)
    got = lrs.get(statementId=statement["id"])
    answers = [
        stored,
        got,
        lrs.get(),
        lrs.get(limit="x"),
        lrs.post({}),
        lrs.get(statementId=uuid4()),
    ]
    for answer in answers:
        assert answer.headers["X-Experience-API-Version"] == "1.0.3"
        assert datetime.fromisoformat(answer.headers[CONSISTENT_THROUGH]).utcoffset() is not None
    assert lrs.get().headers[CONSISTENT_THROUGH] >= got.json["stored"]


def test_a_refused_question_is_told_how_far_the_store_can_be_read_now(lrs):
    """A client that waits for its statement repeats the question until this passes. XP-17"""
    lrs.get()
    statement = make_statement()
    lrs.post(statement)
    refused = lrs.get(limit="x").headers[CONSISTENT_THROUGH]
    assert refused >= lrs.get(statementId=statement["id"]).json["stored"]


def test_last_modified_is_when_it_was_stored(lrs):
    """XP-08"""
    statement = make_statement()
    lrs.post(statement)
    answer = lrs.get(statementId=statement["id"])
    stored = datetime.fromisoformat(answer.json["stored"])
    assert answer.last_modified == stored.replace(microsecond=0)


def test_the_authority_is_the_credential_whatever_the_sender_claims(lrs):
    """XP-40"""
    statement = make_statement(authority=BOB, stored="1999-01-01T00:00:00Z")
    lrs.post(statement)
    got = lrs.get(statementId=statement["id"]).json
    assert got["authority"]["account"] == {
        "homePage": "http://localhost:8000",
        "name": f"lrs-key:{lrs.key}",
    }
    assert not got["stored"].startswith("1999")
    assert lrs.ids(agent=json.dumps(got["authority"]), related_agents="true") == [statement["id"]]


def test_the_host_learns_of_new_statements_inside_their_transaction(lrs, reports):
    first, second = make_statement(), make_statement()
    lrs.post(first)
    lrs.post(first, second)
    lrs.post(second)
    mine = [[str(one.statement_id) for one in batch.new] for batch in reports.batches[-2:]]
    assert mine == [[first["id"]], [second["id"]]]
    assert reports.batches[-1].credential_id is not None


def test_nothing_is_stored_when_the_host_fails(lrs, reports):
    reports.fails = True
    try:
        assert lrs.post(make_statement()).status_code == 500
    finally:
        reports.fails = False
    assert lrs.ids() == []
