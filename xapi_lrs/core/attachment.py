"""Attachments as a statement declares them (xAPI 1.0.3 Data 2.4.11). XP-31"""

from collections.abc import Sequence, Set
from typing import Any

from xapi_lrs.core import rx
from xapi_lrs.core.checks import check_iri, check_language_map, check_object, check_string
from xapi_lrs.core.problems import JsonObject, Problems

ATTACHMENT = frozenset(
    ("usageType", "display", "description", "contentType", "length", "sha2", "fileUrl")
)

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"
"""The usage type of a statement's signature (1.0.3 Data 2.6)."""
OCTETS = "application/octet-stream"

_ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
"""Digits of a SHA-2 to its name."""


def check_attachments(attachments: Any, path: str, problems: Problems) -> None:
    if type(attachments) is not list:
        problems(path, "XP-31", "must be an array")
        return
    for index, attachment in enumerate(attachments):
        check_attachment(attachment, f"{path}[{index}]", problems)


def check_attachment(attachment: Any, path: str, problems: Problems) -> None:
    if not check_object(attachment, ATTACHMENT, path, problems, "an attachment"):
        return
    check_iri(attachment, "usageType", path, problems, required=True)
    check_language_map(attachment, "display", path, problems, required=True)
    check_language_map(attachment, "description", path, problems)
    check_string(
        attachment,
        "contentType",
        path,
        problems,
        required=True,
        check=rx.is_media_type,
        must="must be an Internet media type such as text/plain",
        rule="XP-31",
    )
    if attachment.get("usageType") == SIGNATURE and attachment.get("contentType") != OCTETS:
        message = f"of a signature must be {OCTETS}"
        problems(f"{path}.contentType", "XP-32", message, "XAPI-00115")
    length = attachment.get("length")
    if type(length) is not int or length < 0:
        problems(f"{path}.length", "XP-31", "must be the number of octets")
    must = "must be a SHA-2 hash as hexadecimal digits"
    check_string(
        attachment, "sha2", path, problems, required=True, check=rx.is_sha2, must=must, rule="XP-31"
    )
    check_iri(attachment, "fileUrl", path, problems)


def attachments_of(statement: JsonObject) -> list[JsonObject]:
    """Those of the statement and of its SubStatement, in order; for a valid statement."""
    inner = statement["object"].get("attachments", ())
    return [*statement.get("attachments", ()), *inner]


def hash_name(sha2: str) -> str | None:
    """The algorithm that makes hex digits of this length, as hashlib calls it."""
    return _ALGORITHMS.get(len(sha2)) if rx.is_sha2(sha2) else None


def check_files(statements: Sequence[JsonObject], hashes: Set[str], problems: Problems) -> None:
    """Each attachment of valid statements has a fileUrl or its data among `hashes` (of the data
    that came along), and nothing came that none of them declares. XP-31"""
    for place, statement in enumerate(statements):
        path = f"[{place}]" if len(statements) > 1 else ""
        for attachment in attachments_of(statement):
            if "fileUrl" not in attachment and attachment["sha2"].lower() not in hashes:
                message = "has an attachment with neither a fileUrl nor its data in the request"
                problems(f"{path}.attachments", "XP-31", message)
    declared = {one["sha2"].lower() for each in statements for one in attachments_of(each)}
    for sha2 in sorted(hashes - declared):
        message = f"has a part with the hash {sha2}, which no attachment declares as its sha2"
        problems("request", "XP-31", message)
