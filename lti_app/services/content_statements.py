"""Statements of native content: what learners do in courses, lessons and other units.

Object is the course, the unit or the quiz; the course that a unit belongs to is its parent. The
quiz's answers are told by who marks them. The same outcome always makes the same statement.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

import structlog
import tincan
from sqlalchemy.orm import Session

from content.core.outcome import ContentOutcome
from content.models.enrolment import Enrolment
from content.services.standings import read_enrolled
from lti_app.services.statements import find_actor
from xapi_lrs.core.errors import LrsError
from xapi_lrs.services.statements import store_statements
from xapi_lrs.services.stores import ensure_store

log = structlog.get_logger(__name__)

_ADL = "http://adlnet.gov/expapi/"
VERBS = {
    **{
        name: f"{_ADL}verbs/{name}"
        for name in (
            *("initialized", "resumed", "progressed", "completed", "passed", "failed"),
            *("answered", "scored", "terminated", "registered"),
        )
    },
    "viewed": "http://id.tincanapi.com/verb/viewed",
    "submitted": "http://activitystrea.ms/schema/1.0/submit",
}
TYPES = {
    "course": _ADL + "activities/course",
    "module": _ADL + "activities/module",
    "lesson": _ADL + "activities/lesson",
    "quiz": _ADL + "activities/assessment",
    "link": _ADL + "activities/link",
    "assignment": "http://id.tincanapi.com/activitytype/school-assignment",
    "package": _ADL + "activities/course",
    "unit": _ADL + "activities/module",
}
RECIPE = "https://lectern.invalid/xapi/native/1"
"""Category of each statement: where it came from."""
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
"""0..100, of a course that goes on (cmi5 9.5.5.1)."""
_WITH_SCORE = frozenset({"passed", "failed", "scored", "completed"})


def record_statements(
    session: Session, outcome: ContentOutcome, *, app_url: str, now: datetime
) -> list[UUID]:
    """The statements of an outcome into the tenant's default store; returns their ids.

    One that the store refuses is logged and left out: it must not cost the learner the rest.
    """
    bodies = build_statements(session, outcome, app_url)
    if not bodies:
        return []
    store = ensure_store(session, "default")
    authority = {"objectType": "Agent", "account": {"homePage": app_url, "name": "lectern"}}
    try:
        with session.begin_nested():
            done = store_statements(session, store, bodies, authority=authority, now=now)
    except LrsError as refused:
        log.error("own_statement_refused", item=outcome.item_key, why=str(refused)[:500])
        return []
    return list(done.ids)


def build_statements(
    session: Session, outcome: ContentOutcome, app_url: str
) -> list[dict[str, Any]]:
    """One statement for each event that has a verb, in order."""
    actor = find_actor(session, outcome.user_id, app_url)
    agent = tincan.Agent(
        name=actor.display_name or None,
        account=tincan.AgentAccount(home_page=actor.home_page, name=actor.name),
    )
    enrolment = _find_enrolment(session, outcome)
    made = []
    for event in outcome.events:
        if event not in VERBS or event == "answered":
            continue
        statement = tincan.Statement(
            id=uuid5(outcome.registration, f"{outcome.item_id}/{outcome.revision}/{event}"),
            actor=agent,
            verb=tincan.Verb(id=VERBS[event], display=tincan.LanguageMap({"en-US": event})),
            object=_object(outcome, enrolment, app_url),
            result=_result(outcome, event, enrolment),
            context=_context(outcome, enrolment, app_url),
            timestamp=outcome.occurred_at,
        )
        made.append(json.loads(statement.to_json()))
    return made


def activity_id(app_url: str, item_type: str, key: str) -> str:
    """The IRI of a native item: the address of its page."""
    folder = "quizzes" if item_type == "quiz" else "courses"
    return f"{app_url}/{folder}/{quote(key, safe='/')}"


def _find_enrolment(session: Session, outcome: ContentOutcome) -> Enrolment | None:
    """Of a quiz taken inside a course: the course's; a quiz on its own has none."""
    if outcome.item_type != "quiz":
        return session.get(Enrolment, outcome.attempt_id)
    kind, _, rest = outcome.context_key.partition(":")
    if kind != "unit":
        return None
    return session.get(Enrolment, UUID(rest.partition(":")[0]))


def _object(outcome: ContentOutcome, enrolment: Enrolment | None, app_url: str) -> tincan.Activity:
    kind: str = outcome.item_type
    if enrolment is not None and kind == "unit":
        unit = read_enrolled(enrolment).find_unit(outcome.item_id)
        kind = unit.kind if unit else kind
    language = "und"
    if enrolment is not None:
        language = read_enrolled(enrolment).language
    return _activity(app_url, outcome.item_type, outcome.item_key, outcome.title, kind, language)


def _activity(
    app_url: str, item_type: str, key: str, title: str, kind: str, language: str
) -> tincan.Activity:
    return tincan.Activity(
        id=activity_id(app_url, item_type, key),
        definition=tincan.ActivityDefinition(
            type=TYPES[kind], name=tincan.LanguageMap({language: title or "-"})
        ),
    )


def _context(outcome: ContentOutcome, enrolment: Enrolment | None, app_url: str) -> tincan.Context:
    """Parents are the module and, above it, the course; what is a course has none."""
    parents, grouping = [], []
    if enrolment is not None and outcome.item_type != "course":
        course, key = read_enrolled(enrolment), enrolment.course.key
        unit_id = _unit_of(outcome)
        within = next(
            (one for one in course.modules if any(unit.id == unit_id for unit in one.units)), None
        )
        above = _activity(app_url, "course", key, course.title, "course", course.language)
        if within is not None and enrolment.entry_unit_id is None:
            parents.append(
                _activity(
                    *(app_url, "course", f"{key}/modules/{within.id}"),
                    *(within.title, "module", course.language),
                )
            )
            grouping.append(above)
        else:
            parents.append(above)
    return tincan.Context(
        registration=outcome.registration,
        platform="Lectern",
        context_activities=tincan.ContextActivities(
            parent=parents or None,
            grouping=grouping or None,
            category=[tincan.Activity(id=RECIPE)],
        ),
    )


def _unit_of(outcome: ContentOutcome) -> UUID:
    kind, _, rest = outcome.context_key.partition(":")
    return UUID(rest.partition(":")[2]) if kind == "unit" else outcome.item_id


def _result(
    outcome: ContentOutcome, event: str, enrolment: Enrolment | None
) -> tincan.Result | None:
    values: dict[str, Any] = {}
    if event in _WITH_SCORE and outcome.score_scaled is not None:
        score = {"scaled": min(1.0, max(-1.0, outcome.score_scaled))}
        if outcome.score_raw is not None and outcome.score_max:
            score |= {"raw": outcome.score_raw, "min": 0.0, "max": outcome.score_max}
        values["score"] = tincan.Score(**score)
    if event in ("passed", "failed"):
        values["success"] = event == "passed"
    if event == "completed":
        values["completion"] = True
    if event == "progressed" and enrolment is not None and enrolment.wanted:
        percent = min(100, round(100 * enrolment.done / enrolment.wanted))
        values["extensions"] = tincan.Extensions({PROGRESS: percent})
    if event in ("completed", "passed", "failed") and outcome.item_type == "course" and enrolment:
        values["duration"] = timedelta(seconds=round(enrolment.seconds, 2))
    return tincan.Result(**values) if values else None
