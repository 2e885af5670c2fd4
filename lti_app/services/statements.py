"""Our own statements: an outcome in the tenant's record store.

Built with the tincan package, here at the edge where its 300 µs do not matter; the store itself
never uses it.
"""

import json
import re
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import structlog
import tincan
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.core import scorm_profile as profile
from lti_app.models.user import LtiIdentity, User
from scorm_runtime.core.outcome import Interaction, Outcome
from xapi_lrs.core.errors import LrsError
from xapi_lrs.services.statements import store_statements
from xapi_lrs.services.stores import ensure_store

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Actor:
    """An account: who it is at which system (profile 3.2: no e-mail addresses)."""

    home_page: str
    name: str
    display_name: str


def record_statements(
    session: Session, outcome: Outcome, *, app_url: str, now: datetime
) -> list[UUID]:
    """Mirror what a commit caused into the tenant's default store; returns the statement ids.

    A statement that the store refuses is logged and left out: odd content must not cost the
    learner the commit.
    """
    actor = find_actor(session, outcome.user_id, app_url)
    bodies = build_statements(outcome, actor, app_url)
    if not bodies:
        return []
    store = ensure_store(session, "default")
    authority = {
        "objectType": "Agent",
        "account": {"homePage": app_url, "name": "lectern"},
    }
    stored: list[UUID] = []
    for batch in (bodies, *([body] for body in bodies)):
        try:
            with session.begin_nested():
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
    found = session.execute(
        select(User.display_name, LtiIdentity.issuer, LtiIdentity.subject)
        .outerjoin(LtiIdentity, LtiIdentity.user_id == User.id)
        .where(User.id == user_id)
        .order_by(LtiIdentity.id)
        .limit(1)
    ).one()
    if found.issuer is None:
        return Actor(app_url, str(user_id), found.display_name)
    return Actor(found.issuer, found.subject, found.display_name)


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
    course = tincan.Activity(
        id=f"{app_url}/packages/{quote(outcome.activity_key)}",
        definition=tincan.ActivityDefinition(
            type=profile.COURSE, name=tincan.LanguageMap({"und": outcome.title or "-"})
        ),
    )
    attempt = tincan.Activity(
        id=f"{app_url}/attempts/{outcome.attempt_id}",
        definition=tincan.ActivityDefinition(type=profile.ATTEMPT),
    )
    category = tincan.Activity(
        id=profile.PROFILE, definition=tincan.ActivityDefinition(type=profile.PROFILE_TYPE)
    )
    number = profile.statement_id(outcome.registration, outcome.writer, outcome.commit_number, what)
    statement = tincan.Statement(
        id=number,
        actor=tincan.Agent(
            name=actor.display_name or None,
            account=tincan.AgentAccount(home_page=actor.home_page, name=actor.name),
        ),
        verb=tincan.Verb(id=profile.VERBS[verb], display=tincan.LanguageMap({"en-US": verb})),
        object=interaction or course,
        result=result,
        context=tincan.Context(
            registration=outcome.registration,  # as UUID: tincan refuses version 7 as text
            platform="Lectern",
            context_activities=tincan.ContextActivities(
                parent=[course] if interaction else None,
                grouping=[course, attempt],
                category=[category],
            ),
        ),
        timestamp=outcome.occurred_at,
    )
    body: dict[str, Any] = json.loads(statement.to_json())
    return body


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
