"""Statements with files, in and out. XP-31, XP-32, XP-22"""

import hashlib
import os

import pytest

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_signature import sign
from tests.xapi_lrs.parcels import (
    BOUNDARY,
    TYPE,
    declare,
    head,
    join,
    parcel,
    part_of,
    split,
    statements_part,
    with_files,
)

PHOTO = b"\r\n--" + bytes(range(256)) * 3 + b"\r\n"
OTHER = b""
SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"


def send(lrs, body: bytes, content_type: str = TYPE, **options):
    return lrs("POST", data=body, content_type=content_type, **options)


def message(answer) -> str:
    return answer.json["error"]["message"]


def parts(answer):
    assert answer.status_code == 200, answer.text
    return split(answer.headers["Content-Type"], answer.data)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_file_comes_back_octet_for_octet(make_lrs, tenant, version):
    """XP-31"""
    lrs = make_lrs(tenant, version=version)
    statement = with_files(PHOTO, OTHER)
    assert send(lrs, parcel(statement, PHOTO, OTHER)).json == [statement["id"]]
    for query in ({"statementId": statement["id"]}, {}):
        first, *files = parts(lrs.get(attachments="true", **query))
        assert first.headers["Content-Type"] == "application/json"
        assert [file.content for file in files] == [PHOTO, OTHER]
        assert files[0].headers == {
            "Content-Type": "image/jpeg",
            "Content-Transfer-Encoding": "binary",
            "X-Experience-API-Hash": hashlib.sha256(PHOTO).hexdigest(),
        }


def test_put_takes_a_file_too(lrs):
    """XP-31"""
    statement = with_files(PHOTO)
    query = {"statementId": statement["id"]}
    answer = lrs("PUT", query_string=query, data=parcel(statement, PHOTO), content_type=TYPE)
    assert answer.status_code == 204
    assert parts(lrs.get(attachments="true"))[1].content == PHOTO


def test_the_answer_is_multipart_even_without_files_and_json_without_the_wish(lrs):
    """XP-31"""
    statement = with_files(PHOTO)
    send(lrs, parcel(statement, PHOTO))
    assert lrs.get().content_type == "application/json"
    assert lrs.get(attachments="false").content_type == "application/json"
    plain = make_statement()
    lrs.post(plain)
    assert len(parts(lrs.get(statementId=plain["id"], attachments="true"))) == 1


def test_a_file_of_many_chunks_is_whole(lrs):
    """Stored and read 256 KiB at a time. XP-31"""
    large = os.urandom(256 * 1024 * 4 + 17)
    send(lrs, parcel(with_files(large), large))
    assert parts(lrs.get(attachments="true"))[1].content == large


def test_the_same_file_is_kept_and_given_once(lrs):
    """One part per hash, however many statements have it. XP-31"""
    batch = [with_files(PHOTO), with_files(PHOTO, OTHER)]
    assert send(lrs, parcel(batch, PHOTO, OTHER)).status_code == 200
    again = with_files(PHOTO)
    assert send(lrs, parcel(again, PHOTO)).status_code == 200
    assert len(parts(lrs.get(attachments="true"))) == 3
    assert send(lrs, parcel(again, PHOTO)).json == [again["id"]]


def test_another_store_never_gives_a_file_out(make_lrs, tenant, other_tenant):
    lrs = make_lrs(tenant)
    send(lrs, parcel(with_files(PHOTO), PHOTO))
    for other in (make_lrs(tenant, "second"), make_lrs(other_tenant)):
        hint = declare(PHOTO, fileUrl="https://example.com/photo")
        assert other.post(make_statement(attachments=[hint])).status_code == 200
        assert len(parts(other.get(attachments="true"))) == 1


@pytest.mark.parametrize("algorithm", ["sha224", "sha384", "sha512"])
def test_every_sha2_is_understood(lrs, algorithm):
    """XP-31"""
    digest = hashlib.new(algorithm, PHOTO).hexdigest().upper()
    statement = make_statement(attachments=[declare(PHOTO, sha2=digest)])
    part = part_of(PHOTO, X_Experience_API_Hash=digest.lower())
    assert send(lrs, join(statements_part(statement), part)).status_code == 200
    assert parts(lrs.get(attachments="true"))[1].content == PHOTO


def test_a_multipart_without_files_is_good(lrs):
    """XP-13"""
    linked = make_statement(attachments=[declare(PHOTO, fileUrl="https://example.com/photo")])
    for statement in (make_statement(), linked):
        assert send(lrs, parcel(statement)).status_code == 200


def test_a_file_inside_a_substatement_counts(lrs):
    """XP-31"""
    inner = {key: value for key, value in with_files(PHOTO).items() if key != "id"}
    statement = make_statement(object=inner | {"objectType": "SubStatement"})
    assert send(lrs, parcel(statement, PHOTO)).status_code == 200
    assert lrs.post(statement | {"id": make_statement()["id"]}).status_code == 400


GOOD = with_files(PHOTO)
FIRST = statements_part(GOOD)
BAD = {
    "json without data or fileUrl": (None, "neither a fileUrl nor its data"),
    "form-data": (join(FIRST, part_of(PHOTO)), "Content-Type must be"),
    "no boundary in the header": (join(FIRST, part_of(PHOTO)), "names no boundary"),
    "no boundary in the body": (FIRST + PHOTO, "no line with the boundary"),
    "first part is not json": (join(statements_part(GOOD, "text/plain"), part_of(PHOTO)), "first"),
    "first part has no type": (join(head() + b"{}"), "first part"),
    "statements over two parts": (join(FIRST, FIRST, part_of(PHOTO)), "X-Experience-API-Hash"),
    "no hash": (join(FIRST, part_of(PHOTO, X_Experience_API_Hash=None)), "part 2 needs"),
    "a hash that is none": (join(FIRST, part_of(PHOTO, X_Experience_API_Hash="x" * 64)), "needs"),
    "wrong hash": (join(FIRST, part_of(PHOTO, X_Experience_API_Hash="0" * 64)), "is not what"),
    "damaged on the way": (join(FIRST, part_of(PHOTO) + b"x"), "is not what its"),
    "encoded": (join(FIRST, part_of(PHOTO, Content_Transfer_Encoding="base64")), "binary"),
    "no encoding": (join(FIRST, part_of(PHOTO, Content_Transfer_Encoding=None)), "binary"),
    "a file too many": (join(FIRST, part_of(PHOTO), part_of(b"x")), "no attachment declares"),
    "the same file twice": (join(FIRST, part_of(PHOTO), part_of(PHOTO)), "the same"),
    "a file too few": (join(FIRST), "neither a fileUrl nor its data"),
    "truncated": (join(FIRST, part_of(PHOTO))[:-10], "cut off"),
    "nothing": (b"", "no line with the boundary"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_parcel_is_400_with_its_fault_and_stores_nothing(lrs, fault):
    """XP-14, XP-22, XP-31"""
    body, why = BAD[fault]
    kinds = {"form-data": f"multipart/form-data; boundary={BOUNDARY}"}
    kinds["no boundary in the header"] = "multipart/mixed;"
    answer = lrs.post(GOOD) if body is None else send(lrs, body, kinds.get(fault, TYPE))
    assert answer.status_code == 400, answer.text
    assert why in message(answer)
    assert lrs.ids() == []


def test_statements_and_files_have_limits_of_their_own(lrs):
    """`Limits.body_bytes` binds the statements, `attachment_bytes` what comes beside them."""
    large = make_statement(result={"response": "x" * 200_000})
    answer = send(lrs, parcel(large))
    assert (answer.status_code, "200000" in message(answer)) == (413, True)


def test_a_signed_statement_is_stored_with_its_signature(lrs):
    """XP-32"""
    statement = make_statement()
    signature = sign(statement)
    kind = {"usageType": SIGNATURE, "contentType": "application/octet-stream"}
    signed = statement | {"attachments": [declare(signature, **kind)]}
    assert send(lrs, parcel(signed, signature)).status_code == 200
    assert parts(lrs.get(attachments="true"))[1].content == signature


def test_a_wrong_signature_is_refused_and_nothing_is_stored(lrs):
    """XP-22, XP-32"""
    statement = make_statement()
    octets = {"usageType": SIGNATURE, "contentType": "application/octet-stream"}
    forged = sign(statement | {"result": {"success": True}})
    answers = [
        send(lrs, parcel(statement | {"attachments": [declare(forged, **octets)]}, forged)),
        send(lrs, parcel(statement | {"attachments": [declare(b"x", **octets)]}, b"x")),
        lrs.post(statement | {"attachments": [declare(b"x", **octets, fileUrl="https://e.x/s")]}),
        lrs.post(
            statement | {"attachments": [declare(b"x", usageType=SIGNATURE, fileUrl="urn:s")]}
        ),
    ]
    reasons = ("something else", "compact form", "must come as data", "octet-stream")
    for answer, why in zip(answers, reasons, strict=True):
        assert answer.status_code == 400, answer.text
        assert why in message(answer)
        assert answer.json["error"]["details"][0]["rule"] == "XP-32"
    assert lrs.ids() == []
