"""What a test does to the platform: plays a product, reads a launch, answers a choice."""

from __future__ import annotations

from typing import Any

import jwt
from flask import Flask

from demo_lms.core.claims import AGS_ENDPOINT, DEEP_LINKING, LTI
from demo_lms.core.media_types import SCORE
from tests.demo_lms.conftest import ISSUER, Form, Tool, Visitor

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


def play(lms: Flask, name: str, **switches: Any) -> None:
    """Behave like this product."""
    answer = lms.test_client().post("/lms/api/personality", json={"name": name, **switches})
    assert answer.status_code == 200, answer.text


def claims_of(form: Form, tool: Tool, **changes: str) -> dict[str, Any]:
    """The id_token that answers a login initiation."""
    fields = Form(tool.authorize(form.fields, **changes).text).fields
    assert "id_token" in fields, fields
    decoded: dict[str, Any] = jwt.decode(
        fields["id_token"], options={"verify_signature": False, "verify_exp": False}
    )
    return decoded


def launched(visitor: Visitor, tool: Tool, number: str = "2") -> dict[str, Any]:
    return claims_of(visitor.open_activity(number), tool)


def path_of(address: str) -> str:
    """An address of the platform as a path for its client."""
    assert address.startswith(ISSUER)
    return address.removeprefix(ISSUER)


def asked(visitor: Visitor, tool: Tool, course: str = "1") -> dict[str, Any]:
    """The claims of a deep linking request."""
    page = visitor.client.get(f"/lms/courses/{course}/add")
    assert page.status_code == 200, page.text
    return claims_of(Form(page.text), tool)


def answer_of(tool: Tool, request: dict[str, Any], items: list[Any], **changes: Any) -> str:
    """A good response to a request; a None leaves a claim out."""
    now = int(tool.clock.now().timestamp())
    claims = {
        "iss": "lectern-demo",
        "aud": ISSUER,
        "iat": now,
        "exp": now + 300,
        "nonce": "fresh",
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": request[LTI + "deployment_id"],
        DL + "data": request[DEEP_LINKING].get("data"),
        DL + "content_items": items,
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, tool.key, "RS256", headers={"kid": tool.kid})


def choose(tool: Tool, request: dict[str, Any], items: list[Any], **changes: Any) -> Any:
    """Post the response to where the request says."""
    address = path_of(request[DEEP_LINKING]["deep_link_return_url"])
    return tool.client.post(address, data={"JWT": answer_of(tool, request, items, **changes)})


def item_of(visitor: Visitor, tool: Tool, number: str = "2") -> str:
    """Path and query of the activity's line item, as the launch names it."""
    claims = launched(visitor, tool, number)
    return path_of(claims[AGS_ENDPOINT]["lineitem"])


def with_ending(path: str, ending: str) -> str:
    """LTI-AGS-6: before the query."""
    before, mark, query = path.partition("?")
    return before + ending + mark + query


def send(tool: Tool, item: str, **changes: Any) -> Any:
    """A score of 7.5 of 10 at the clock's time."""
    body = {
        "userId": "4",
        "scoreGiven": 7.5,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": tool.clock.now().isoformat(),
    } | changes
    kept = {name: value for name, value in body.items() if value is not None}
    return tool.call("POST", with_ending(item, "/scores"), body=kept, content_type=SCORE)
