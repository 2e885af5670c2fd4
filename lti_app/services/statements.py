"""Our own statements: an outcome in the tenant's record store.

Built with the tincan package, part by part: what a thousand statements have in common is made once.
The store itself never uses it.
"""

import json
import re
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

import orjson
import structlog
import tincan
from sqlalchemy.orm import Session
from tincan.serializable_base import SerializableBase

from database.asking import ask
from lti_app.core import scorm_profile as profile
from scorm_runtime.core.outcome import Interaction, Outcome
from xapi_lrs.core.errors import LrsError
from xapi_lrs.models.store import Store
from xapi_lrs.services.statements import store_statements
from xapi_lrs.services.stores import ensure_store

log = structlog.get_logger(__name__)

_ACTOR = "SELECT statement_actor(%(person)s)"
_VERSION = "1.0.3"


@dataclass(frozen=True)
class Actor:
    """An account: who it is at which system (profile 3.2: no e-mail addresses)."""

    home_page: str
    name: str
    display_name: str
    store_id: UUID | None = None
    """Of the tenant's default store, where there is one."""


def record_statements(
    session: Session, outcome: Outcome, *, app_url: str, now: datetime
) -> list[UUID]:
    """Mirror what a commit caused into the tenant's default store; returns the statement ids.

    What a teacher has decided names them as its instructor. A statement that the store refuses is
    logged and left out: odd content must not cost the learner the commit.
    """
    actor = find_actor(session, outcome.user_id, app_url)
    bodies = build_statements(outcome, actor, app_url)
    if not bodies:
        return []
    if outcome.decided_by is not None:
        teacher = _make_agent(find_actor(session, outcome.decided_by, app_url))
        for body in bodies:
            body["context"]["instructor"] = teacher
    store = ensure_store(session, "default") if actor.store_id is None else Store(id=actor.store_id)
    authority = {
        "objectType": "Agent",
        "account": {"homePage": app_url, "name": "lectern"},
    }
    stored: list[UUID] = []
    for batch in (bodies, *([body] for body in bodies)):
        try:
            with session.connection().begin_nested():  # nothing of it is the session's
                done = store_statements(session, store, batch, authority=authority, now=now)
        except LrsError as refused:
            if len(batch) == 1:
                log.error("own_statement_refused", id=batch[0].get("id"), why=str(refused)[:500])
            continue
        stored.extend(done.ids)
        if batch is bodies:
            break
    return stored


def find_actor(session: Session, user_id: UUID, app_url: str) -> Actor:
    """A person as an account: at their platform when they came from one, else here."""
    keys = {"person": user_id}
    said = orjson.loads(ask(session, _ACTOR, keys))
    store_id = UUID(said["store"]) if said["store"] else None
    if said["issuer"] is None:
        return Actor(app_url, str(user_id), said["display_name"], store_id)
    return Actor(said["issuer"], said["subject"], said["display_name"], store_id)


def build_statements(outcome: Outcome, actor: Actor, app_url: str) -> list[dict[str, Any]]:
    """The statements of one commit, in order: answers first, then what they led to."""
    made = [
        _build(outcome, actor, app_url, event, str(event), _result(outcome, event))
        for event in outcome.events
        if event in profile.VERBS
    ]
    answers = [
        _build_answer(outcome, actor, app_url, _make_storable(one))
        for one in outcome.interactions
        if one.id
    ]
    began = [body for body in made if body["verb"]["id"] in _BEGINNINGS]
    return [*began, *answers, *(body for body in made if body not in began)]


def _make_storable(one: Interaction) -> Interaction:
    """Content cuts emoji in half and packs bytes into texts; statements are Unicode (RFC 8259)."""

    def clean(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(clean(part) for part in value)
        return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value

    return Interaction(**{field.name: clean(getattr(one, field.name)) for field in fields(one)})


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BEGINNINGS = {profile.VERBS["initialized"], profile.VERBS["resumed"]}


def _build(
    outcome: Outcome,
    actor: Actor,
    app_url: str,
    verb: str,
    what: str,
    result: tincan.Result | None,
    interaction: tincan.Activity | None = None,
) -> dict[str, Any]:
    """Put together of parts, of which most have been made before."""
    course = _make_course(app_url, outcome.activity_key, outcome.title)
    number = profile.statement_id(outcome.registration, outcome.writer, outcome.commit_number, what)
    activities = {
        "grouping": [course, _make_attempt(app_url, outcome.attempt_id)],
        "category": [_make_category()],
    }
    if interaction:
        activities["parent"] = [course]
    body = {
        "id": str(number),
        "version": _VERSION,
        "actor": _make_agent(actor),
        "verb": _make_verb(verb),
        "object": _to_json(interaction) if interaction else course,
        "timestamp": outcome.occurred_at.isoformat(),
        "context": {
            "registration": str(outcome.registration),
            "platform": "Lectern",
            "contextActivities": activities,
        },
    }
    return {**body, "result": _to_json(result)} if result else body


def _to_json(part: SerializableBase) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(part.to_json())
    return body


@lru_cache(1000)
def _make_course(app_url: str, key: str, title: str) -> dict[str, Any]:
    name = tincan.LanguageMap({"und": title or "-"})
    definition = tincan.ActivityDefinition(type=profile.COURSE, name=name)
    return _to_json(tincan.Activity(id=f"{app_url}/packages/{quote(key)}", definition=definition))


@lru_cache(1000)
def _make_attempt(app_url: str, attempt_id: UUID) -> dict[str, Any]:
    definition = tincan.ActivityDefinition(type=profile.ATTEMPT)
    return _to_json(tincan.Activity(id=f"{app_url}/attempts/{attempt_id}", definition=definition))


@cache
def _make_category() -> dict[str, Any]:
    definition = tincan.ActivityDefinition(type=profile.PROFILE_TYPE)
    return _to_json(tincan.Activity(id=profile.PROFILE, definition=definition))


@lru_cache(1000)
def _make_agent(actor: Actor) -> dict[str, Any]:
    account = tincan.AgentAccount(home_page=actor.home_page, name=actor.name)
    return _to_json(tincan.Agent(name=actor.display_name or None, account=account))


@cache
def _make_verb(name: str) -> dict[str, Any]:
    display = tincan.LanguageMap({"en-US": name})
    return _to_json(tincan.Verb(id=profile.VERBS[name], display=display))


def _result(outcome: Outcome, event: str) -> tincan.Result | None:
    values: dict[str, Any] = {}
    if event in profile.WITH_SCORE:
        score = profile.read_score(
            outcome.score_scaled, outcome.score_raw, outcome.score_min, outcome.score_max
        )
        if score:
            values["score"] = tincan.Score(**score)
    if event in ("passed", "failed"):
        values["success"] = event == "passed"
    if event == "completed":
        values["completion"] = True
    # Content reports its time when it ends: until then there is none to tell.
    if event in profile.WITH_DURATION and outcome.total_seconds:
        values["duration"] = timedelta(seconds=round(outcome.total_seconds, 2))
    return tincan.Result(**values) if values else None


def _build_answer(outcome: Outcome, actor: Actor, app_url: str, one: Interaction) -> dict[str, Any]:
    kind = one.type if one.type in profile.INTERACTION_TYPES else "other"
    patterns = [profile.write_response(kind, text) for text in one.correct_responses if text]
    path = "/".join(quote(part, safe="") for part in (one.sco, "interactions", one.id) if part)
    definition = tincan.ActivityDefinition(
        type=profile.INTERACTION,
        interaction_type=kind,
        correct_responses_pattern=patterns or None,
        description=tincan.LanguageMap({"und": one.description}) if one.description else None,
    )
    activity = tincan.Activity(
        id=f"{app_url}/packages/{quote(outcome.activity_key)}/{path}", definition=definition
    )
    values: dict[str, Any] = {"response": profile.write_response(kind, one.learner_response)}
    if one.result in profile.SUCCESS:
        values["success"] = profile.SUCCESS[one.result]
    if one.latency_seconds is not None:
        values["duration"] = timedelta(seconds=round(one.latency_seconds, 2))
    result = tincan.Result(**values)
    what = f"responded/{one.sco}/{one.index}"
    return _build(outcome, actor, app_url, "responded", what, result, activity)
