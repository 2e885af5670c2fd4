"""GET statements as a vendor meets it: chains, canonical, more, who may define."""

import json
from uuid import uuid4

import pytest

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_statement import ADA, BOB
from tests.xapi_lrs.services.test_statements import voids

COURSE = "https://example.com/course/1"


def refers(statement, **changes):
    ref = {"objectType": "StatementRef", "id": statement["id"]}
    return make_statement(object=ref, **changes)


def course(**names) -> dict:
    return {"id": COURSE, "definition": {"name": names}}


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("target_first", [True, False])
def test_whoever_refers_to_a_match_matches_too(make_lrs, tenant, version, target_first):
    """XP-29"""
    lrs = make_lrs(tenant, version=version)
    passed = make_statement(actor=ADA, verb={"id": "urn:passed"}, object={"id": "urn:training"})
    confirmed = refers(passed, actor=BOB, verb={"id": "urn:confirmed"})
    noted = refers(confirmed, actor=BOB, verb={"id": "urn:noted"})
    order = [passed, confirmed, noted] if target_first else [noted, confirmed, passed]
    for one in order:
        lrs.post(one)
    ids = [one["id"] for one in reversed(order)]
    assert lrs.ids(verb="urn:passed") == ids
    assert lrs.ids(agent=json.dumps(ADA)) == ids
    assert lrs.ids(activity="urn:training") == ids
    assert lrs.ids(verb="urn:confirmed") == [one for one in ids if one != passed["id"]]
    assert lrs.ids(agent=json.dumps(BOB), activity="urn:training") == []


def test_time_and_limit_apply_to_the_referring_statement_itself(lrs):
    """XP-29"""
    target = make_statement(verb={"id": "urn:told"})
    lrs.post(target)
    stored = lrs.get(statementId=target["id"]).json["stored"]
    follower = refers(target)
    lrs.post(follower)
    assert lrs.ids(verb="urn:told", since=stored) == [follower["id"]]
    assert lrs.ids(verb="urn:told", until=stored) == [target["id"]]
    assert lrs.ids(verb="urn:told", limit=1) == [follower["id"]]


def test_a_voided_target_is_gone_but_those_that_refer_to_it_stay(lrs):
    """XP-29, XP-30"""
    target = make_statement(verb={"id": "urn:told"})
    follower = refers(target)
    voider = voids(target)
    for one in (target, follower, voider):
        lrs.post(one)
    assert lrs.ids(verb="urn:told") == [voider["id"], follower["id"]]


def test_a_statement_in_the_context_is_no_target(lrs):
    """XP-29"""
    target = make_statement(verb={"id": "urn:told"})
    ref = {"objectType": "StatementRef", "id": target["id"]}
    lrs.post(target, make_statement(context={"statement": ref}))
    assert lrs.ids(verb="urn:told") == [target["id"]]


def test_canonical_has_the_stores_definition_in_the_language_that_is_asked_for(lrs):
    """XP-42"""
    first = make_statement(object=course(**{"en-US": "Course"}))
    lrs.post(first)
    lrs.post(make_statement(object=course(**{"fr-FR": "Cours"})))
    for language, name in (
        ("fr", {"fr-FR": "Cours"}),
        ("en, fr;q=0.5", {"en-US": "Course"}),
        (None, {"en-US": "Course"}),
    ):
        headers = {"Accept-Language": language}
        query = {"statementId": first["id"], "format": "canonical"}
        answer = lrs("GET", query_string=query, headers=headers)
        assert answer.json["object"]["definition"]["name"] == name
        page = lrs("GET", query_string={"format": "canonical"}, headers=headers).json["statements"]
        assert [one["object"]["definition"]["name"] for one in page] == [name, name]
        exact = lrs("GET", query_string={"statementId": first["id"]}, headers=headers)
        assert exact.json["object"] == first["object"]


def test_who_may_not_define_leaves_the_stores_definition_as_it_is(make_lrs, tenant):
    """The statement itself keeps what it said (1.0.3 Communication 4.2)."""
    owner, vendor = make_lrs(tenant), make_lrs(tenant, scopes=("statements/write",))
    owner.post(make_statement(object=course(en="Ours")))
    theirs = make_statement(object=course(en="Theirs"))
    vendor.post(theirs)
    query = {"statementId": theirs["id"]}
    assert owner.get(**query).json["object"]["definition"]["name"] == {"en": "Theirs"}
    canonical = owner.get(**query, format="canonical").json["object"]
    assert canonical["definition"]["name"] == {"en": "Ours"}


def test_a_refused_batch_defines_nothing(lrs):
    """XP-22"""
    known = make_statement(object=course(en="Known"))
    lrs.post(known)
    clash = known | {"actor": BOB}
    assert lrs.post(make_statement(object=course(en="New")), clash).status_code == 409
    canonical = lrs.get(statementId=known["id"], format="canonical").json["object"]
    assert canonical["definition"]["name"] == {"en": "Known"}


@pytest.mark.parametrize("single", [True, False])
def test_attachments_true_is_multipart_even_without_any(lrs, single):
    """XP-31"""
    statement = make_statement()
    lrs.post(statement)
    query = {"statementId": statement["id"]} if single else {"limit": 1}
    answer = lrs.get(**query, attachments="true")
    assert answer.mimetype == "multipart/mixed"
    assert statement["id"].encode() in answer.data


def test_pages_of_a_chain_follow_each_other_without_gap_or_repeat(lrs):
    """A statement that matches by several of its chain is listed once. XP-27, XP-29"""
    chain = [make_statement(verb={"id": "urn:v"})]
    for _ in range(9):
        chain.append(refers(chain[-1], verb={"id": "urn:v"}))
    lrs.post(*chain)
    seen, page = [], lrs.get(verb="urn:v", limit=3, ascending="true")
    while True:
        seen += [one["id"] for one in page.json["statements"]]
        if not page.json["more"]:
            break
        page = lrs("GET", page.json["more"])
    assert seen == [one["id"] for one in chain]


def test_limit_0_is_as_many_as_the_store_gives(lrs):
    """XP-27"""
    lrs.post(*(make_statement() for _ in range(30)))
    answer = lrs.get(limit=0).json
    assert (len(answer["statements"]), bool(answer["more"])) == (25, True)


def test_nothing_is_found_by_an_unknown_id(lrs):
    assert lrs.get(statementId=uuid4()).status_code == 404
    assert lrs.get(voidedStatementId=uuid4()).status_code == 404
