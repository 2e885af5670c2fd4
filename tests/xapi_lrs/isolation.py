"""Several tenants with stores of the same names, the same people, activities and ids everywhere.

Everything that is sent carries the mark of its store; no answer may ever carry another's. What is
done is chosen by dice; `World.done` counts the answers, so that a test sees that it was done.
"""

import hashlib
import json
import random
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from werkzeug.test import TestResponse

from database.session import transaction
from tests.conftest import make_tenant
from tests.xapi_lrs.conftest import Lrs, MakeLrs
from xapi_lrs.services.launch_tokens import issue_launch_token
from xapi_lrs.services.stores import ensure_store

AGENTS = [{"mbox": f"mailto:{name}@example.com"} for name in ("ada", "bob")]
ACTIVITIES = [f"https://example.com/course/{number}" for number in (1, 2)]
REGISTRATIONS = ["11111111-2222-4333-8444-555555555555", "66666666-2222-4333-8444-555555555555"]
IDS = [f"{number:08d}-aaaa-4bbb-8ccc-dddddddddddd" for number in range(25)]
VERB = "http://adlnet.gov/expapi/verbs/experienced"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
DOCUMENTS = {
    "/activities/state": ("stateId", ("activityId", "agent", "registration")),
    "/activities/profile": ("profileId", ("activityId",)),
    "/agents/profile": ("profileId", ("agent",)),
}


@dataclass
class Place:
    """One store, with those who may knock there, and what we know to be in it."""

    mark: str
    tenant: UUID
    slug: str
    doors: list[Lrs]
    sent: set[str] = field(default_factory=set)
    """Ids of statements."""
    voided: set[str] = field(default_factory=set)
    """Ids that a voiding statement names, whether they have come or not."""
    documents: dict[str, bytes] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)


class World:
    """Does one random thing after the other and looks at every answer."""

    def __init__(self, seed: int, make_lrs: MakeLrs) -> None:
        self.dice = random.Random(seed)
        self.running = ""
        self.done: Counter[tuple[str, int]] = Counter()
        tenants = [make_tenant(), make_tenant()]
        self.places = [
            self._open(make_lrs, tenant, slug) for tenant in tenants for slug in ("one", "two")
        ]

    def _open(self, make_lrs: MakeLrs, tenant: UUID, slug: str) -> Place:
        mark = f"mark{secrets.token_hex(6)}"
        everything, learner = make_lrs(tenant, slug), make_lrs(tenant, slug)
        version_2 = make_lrs(tenant, slug, version="2.0.0")
        now = datetime.now(UTC)
        with transaction(tenant) as session:
            token = issue_launch_token(
                session,
                ensure_store(session, slug),
                actor=AGENTS[0],
                registration=UUID(REGISTRATIONS[0]),
                expires_at=now + timedelta(hours=1),
                now=now,
                random=secrets.token_bytes,
            )
        launch = Lrs(learner.client, slug, token.key, token.secret)
        return Place(mark, tenant, slug, [everything, version_2, launch])

    def step(self) -> None:
        place = self.dice.choice(self.places)
        operation = self.dice.choice(OPERATIONS)
        self.running = operation.__name__
        operation(self, place)

    def check(self, place: Place, answer: TestResponse) -> TestResponse:
        """No mark of any other place, in body or headers."""
        shown = answer.data + str(answer.headers).encode()
        for other in self.places:
            if other is not place:
                assert other.mark.encode() not in shown
        assert answer.status_code < 500
        self.done[self.running, answer.status_code] += 1
        return answer

    def statement(self, place: Place) -> dict:
        name = {"en-US": f"{place.mark} {self.dice.random()}"}
        return {
            "id": self.dice.choice(IDS),
            "actor": {**self.dice.choice(AGENTS), "name": f"Person of {place.mark}"},
            "verb": {"id": VERB, "display": name},
            "object": {"id": self.dice.choice(ACTIVITIES), "definition": {"name": name}},
            "context": {
                "registration": self.dice.choice(REGISTRATIONS),
                "instructor": self.dice.choice(AGENTS),
                "contextActivities": {"grouping": [{"id": self.dice.choice(ACTIVITIES)}]},
            },
        }


def store_statement(world: World, place: Place) -> None:
    statement = world.statement(place)
    answer = world.check(place, world.dice.choice(place.doors).post(statement))
    if answer.status_code == 200:
        place.sent.add(statement["id"])
    elif answer.status_code == 409:
        assert statement["id"] in place.sent


def store_attachment(world: World, place: Place) -> None:
    content = f"file of {place.mark}".encode()
    sha2 = hashlib.sha256(content).hexdigest()
    statement = world.statement(place) | {
        "attachments": [
            {
                "usageType": "https://example.com/file",
                "display": {"en-US": "file"},
                "contentType": "text/plain",
                "length": len(content),
                "sha2": sha2,
            }
        ]
    }
    body = b"\r\n".join(
        [
            *(b"--limit", b"Content-Type: application/json", b"", json.dumps(statement).encode()),
            *(b"--limit", b"Content-Type: text/plain", b"Content-Transfer-Encoding: binary"),
            *(f"X-Experience-API-Hash: {sha2}".encode(), b"", content, b"--limit--", b""),
        ]
    )
    kind = "multipart/mixed; boundary=limit"
    door = place.doors[0]
    answer = world.check(place, door("POST", data=body, content_type=kind))
    if answer.status_code == 200:
        place.sent.add(statement["id"])


def borrow_attachment(world: World, place: Place) -> None:
    """The hash of another store's file does not give its octets."""
    other = world.dice.choice(world.places)
    sha2 = hashlib.sha256(f"file of {other.mark}".encode()).hexdigest()
    statement = world.statement(place) | {
        "attachments": [
            {
                "usageType": "https://example.com/file",
                "display": {"en-US": "file"},
                "contentType": "text/plain",
                "length": 5,
                "sha2": sha2,
                "fileUrl": "https://example.com/file",
            }
        ]
    }
    if world.check(place, place.doors[0].post(statement)).status_code == 200:
        place.sent.add(statement["id"])


def void(world: World, place: Place) -> None:
    target, own = world.dice.choice(IDS), str(UUID(int=world.dice.getrandbits(128), version=4))
    statement = world.statement(place) | {
        "id": own,
        "verb": {"id": VOIDED},
        "object": {"objectType": "StatementRef", "id": target},
    }
    answer = world.check(place, place.doors[0].post(statement))
    if answer.status_code == 200:
        place.sent.add(own)
        place.voided.add(target)


def query(world: World, place: Place) -> None:
    dice = world.dice
    filters = {
        "agent": json.dumps(dice.choice(AGENTS)),
        "activity": dice.choice(ACTIVITIES),
        "verb": VERB,
        "registration": dice.choice(REGISTRATIONS),
        "related_agents": "true",
        "related_activities": "true",
        "format": dice.choice(["exact", "ids", "canonical"]),
        "attachments": "true",
        "ascending": "true",
    }
    asked = dict(dice.sample(sorted(filters.items()), dice.randrange(5)))
    asked |= {"limit": "2"} if dice.random() < 0.5 else {}
    if "agent" not in asked:
        asked.pop("related_agents", None)
    if "activity" not in asked:
        asked.pop("related_activities", None)
    answer = world.check(place, dice.choice(place.doors).get(**asked))
    if answer.status_code == 200 and answer.mimetype == "application/json":
        assert {one["id"] for one in answer.json["statements"]} <= place.sent
        place.more += [answer.json["more"]] if answer.json["more"] else []


def follow_more(world: World, place: Place) -> None:
    """A link to the next page, also somebody else's, shows one's own store."""
    links = [link for one in world.places for link in one.more]
    if links:
        world.check(place, place.doors[0]("GET", world.dice.choice(links)))


def get_one(world: World, place: Place) -> None:
    statement_id = world.dice.choice(IDS)
    door = place.doors[0]
    found = world.check(place, door.get(statementId=statement_id)).status_code == 200
    voided = world.check(place, door.get(voidedStatementId=statement_id)).status_code == 200
    assert found == (statement_id in place.sent - place.voided)
    assert voided == (statement_id in place.sent & place.voided)


def use_document(world: World, place: Place) -> None:
    dice, door = world.dice, place.doors[0]
    path = dice.choice(sorted(DOCUMENTS))
    id_name, names = DOCUMENTS[path]
    values = {
        "activityId": dice.choice(ACTIVITIES),
        "agent": json.dumps(dice.choice(AGENTS) | {"name": f"Reader of {place.mark}"}),
        "registration": dice.choice(REGISTRATIONS),
    }
    context = {name: values[name] for name in names}
    own = f"{dice.choice(['a', 'b'])} {place.mark if dice.random() < 0.5 else 'shared'}"
    asked = context | {id_name: own}
    key = json.dumps([path, asked])
    method = dice.choice(["PUT", "POST", "GET", "GET", "DELETE", "LIST", "DELETE ALL"])
    if method in ("LIST", "DELETE ALL"):
        if method == "LIST":
            world.check(place, door("GET", path, query_string=context))
        elif path == "/activities/state":
            assert world.check(place, door("DELETE", path, query_string=context)).status_code == 204
            state = json.dumps([path, context])[:-2]
            for known in [one for one in place.documents if one.startswith(state)]:
                del place.documents[known]
        return
    if method in ("PUT", "POST"):
        content = json.dumps({place.mark: dice.random()}).encode()
        there = world.check(place, door("GET", path, query_string=asked))
        tag = there.headers.get("ETag")
        conditions = {"If-Match": tag} if tag else {"If-None-Match": "*"}
        answer = door(
            "PUT",
            path,
            query_string=asked,
            data=content,
            content_type="application/json",
            headers=conditions,
        )
        assert world.check(place, answer).status_code == 204
        place.documents[key] = content
        return
    answer = world.check(place, door(method, path, query_string=asked))
    if method == "GET":
        known = place.documents.get(key)
        assert (answer.data if answer.status_code == 200 else None) == known
    else:
        place.documents.pop(key, None)


def ask_for_descriptions(world: World, place: Place) -> None:
    door = world.dice.choice(place.doors)
    activity = {"activityId": world.dice.choice(ACTIVITIES)}
    world.check(place, door("GET", "/activities", query_string=activity))
    person = {"agent": json.dumps(world.dice.choice(AGENTS))}
    world.check(place, door("GET", "/agents", query_string=person))
    world.check(place, door("GET", "/about"))


def knock_elsewhere(world: World, place: Place) -> None:
    """With this store's key at another's address; a launch token, too."""
    other = world.dice.choice([one for one in world.places if one.slug != place.slug])
    answer = world.check(
        place, world.dice.choice(place.doors)("GET", f"/xapi/{other.slug}/statements")
    )
    assert answer.status_code == 403


def use_token_elsewhere(world: World, place: Place) -> None:
    door = place.doors[0]
    form = f"grant_type=client_credentials&client_id={door.key}&client_secret={door.secret}"
    kind = "application/x-www-form-urlencoded"
    url = f"/xapi/{place.slug}/oauth/token"
    token = world.check(place, door.client.post(url, data=form, content_type=kind)).json
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    other = world.dice.choice(world.places)
    answer = world.check(place, door("GET", f"/xapi/{other.slug}/statements", headers=headers))
    assert answer.status_code == (200 if other.slug == place.slug else 403)


def provoke_a_refusal(world: World, place: Place) -> None:
    """Error texts and the log of refusals, too."""
    bad = world.dice.choice(
        [
            {"verb": {"id": place.mark}},
            {"actor": {"name": place.mark}},
            {"object": {"id": f"{place.mark}"}},
        ]
    )
    answer = world.check(place, place.doors[0].post(world.statement(place) | bad))
    assert answer.status_code == 400


OPERATIONS: list[Callable[[World, Place], None]] = [
    *([store_statement] * 4),
    *([use_document] * 4),
    *([query] * 3),
    *([get_one] * 2),
    *(store_attachment, borrow_attachment, void, follow_more, ask_for_descriptions),
    *(knock_elsewhere, use_token_elsewhere, provoke_a_refusal),
]
