"""Statements that are in a store before it is tested: a few hundred learners and their courses."""

from typing import Any
from uuid import UUID

import requests

from tests.conformance.server import Endpoint

_BATCH = 500
_LEARNERS, _COURSES = 500, 60
_VERBS = ("initialized", "progressed", "answered", "completed", "passed", "terminated")


def stock(endpoint: Endpoint, count: int) -> None:
    """Post `count` statements; the same ones at every call."""
    with requests.Session() as client:
        client.auth = (endpoint.key, endpoint.secret)
        client.headers["X-Experience-API-Version"] = "1.0.3"
        for first in range(0, count, _BATCH):
            body = [statement(number) for number in range(first, min(first + _BATCH, count))]
            client.post(f"{endpoint.url}/statements", json=body, timeout=60).raise_for_status()


def statement(number: int) -> dict[str, Any]:
    """The statement of that number."""
    course = f"https://stock.example/courses/{number % _COURSES}"
    return {
        "id": str(UUID(int=(0x4 << 76) | (0x8 << 60) | number)),
        "actor": {"mbox": f"mailto:learner-{number % _LEARNERS}@stock.example"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{_VERBS[number % len(_VERBS)]}"},
        "object": {"id": f"{course}/steps/{number % 977}"},
        "context": {
            "registration": str(UUID(int=(0x4 << 76) | (0x8 << 60) | (number % 5000))),
            "contextActivities": {"parent": [{"id": course}]},
        },
    }
