"""Contexts (xAPI 1.0.3 Data 2.4.6; contextAgents and contextGroups: 2.0 4.2.2.5)."""

from collections.abc import Callable
from typing import Any

from xapi_lrs.core import rx
from xapi_lrs.core.activity import check_activity
from xapi_lrs.core.actor import check_actor, check_agent, check_group
from xapi_lrs.core.checks import check_extensions, check_object, check_string, present
from xapi_lrs.core.problems import JsonObject, Problems
from xapi_lrs.core.requirements import ONLY_ACTIVITY

CONTEXT_1 = frozenset(
    (
        *("registration", "instructor", "team", "contextActivities", "revision", "platform"),
        *("language", "statement", "extensions"),
    )
)
CONTEXT_2 = CONTEXT_1 | {"contextAgents", "contextGroups"}
CONTEXT_ACTIVITIES = frozenset(("parent", "grouping", "category", "other"))
STATEMENT_REF = frozenset(("objectType", "id"))


def check_context(
    context: Any, path: str, problems: Problems, *, about_activity: bool, version: str
) -> None:
    """`about_activity`: the statement's object is an Activity, so revision and platform may stand
    here. XP-41"""
    known = CONTEXT_2 if version.startswith("2") else CONTEXT_1
    if not check_object(context, known, path, problems, "a context"):
        return
    _check_strings(context, path, problems, about_activity)
    if present(context, "instructor", path, problems):
        check_actor(context["instructor"], f"{path}.instructor", problems)
    if present(context, "team", path, problems):
        check_group(context["team"], f"{path}.team", problems)
    if present(context, "statement", path, problems):
        check_statement_ref(context["statement"], f"{path}.statement", problems)
    if present(context, "contextActivities", path, problems):
        _check_activities(context["contextActivities"], f"{path}.contextActivities", problems)
    if known is CONTEXT_2:
        _check_parties(context, "contextAgents", "agent", check_agent, path, problems)
        _check_parties(context, "contextGroups", "group", check_group, path, problems)
    check_extensions(context, path, problems)


def check_statement_ref(ref: Any, path: str, problems: Problems) -> None:
    """A reference to a statement by its id (1.0.3 Data 2.4.4.3)."""
    if not check_object(ref, STATEMENT_REF, path, problems, "a StatementRef"):
        return
    if ref.get("objectType") != "StatementRef":
        problems(f"{path}.objectType", "XP-21", "must be StatementRef")
    must = "must be a UUID with dashes"
    check_string(
        ref, "id", path, problems, required=True, check=rx.is_uuid, must=must, rule="XP-38"
    )


def _check_strings(
    context: JsonObject, path: str, problems: Problems, about_activity: bool
) -> None:
    must = "must be a UUID with dashes"
    check_string(context, "registration", path, problems, check=rx.is_uuid, must=must, rule="XP-38")
    must = "is not an RFC 5646 language tag"
    check_string(
        context, "language", path, problems, check=rx.is_language_tag, must=must, rule="XP-36"
    )
    for key in ("revision", "platform"):
        check_string(context, key, path, problems)
        if key in context and not about_activity:
            message = "is allowed only when the object is an Activity"
            problems(f"{path}.{key}", "XP-41", message, ONLY_ACTIVITY[key])


def _check_activities(activities: Any, path: str, problems: Problems) -> None:
    if not check_object(activities, CONTEXT_ACTIVITIES, path, problems, "contextActivities"):
        return
    for key, value in activities.items():
        if type(value) is list:
            for index, one in enumerate(value):
                check_activity(one, f"{path}.{key}[{index}]", problems)
        elif type(value) is dict:
            check_activity(value, f"{path}.{key}", problems)
        elif key in CONTEXT_ACTIVITIES:
            problems(f"{path}.{key}", "XP-21", "must be an Activity or an array of Activities")


def _check_parties(
    context: JsonObject,
    key: str,
    noun: str,
    check: Callable[[Any, str, Problems], None],
    path: str,
    problems: Problems,
) -> None:
    """contextAgents and contextGroups have one shape. XP-10"""
    if not present(context, key, path, problems):
        return
    if type(context[key]) is not list:
        problems(f"{path}.{key}", "XP-10", "must be an array")
        return
    kind = f"context{noun.capitalize()}"
    for index, party in enumerate(context[key]):
        here = f"{path}.{key}[{index}]"
        known = {"objectType", noun, "relevantTypes"}
        if not check_object(party, known, here, problems, f"a {kind}"):
            continue
        if party.get("objectType") != kind:
            problems(f"{here}.objectType", "XP-10", f"must be {kind}")
        if noun not in party:
            problems(f"{here}.{noun}", "XP-10", "is missing")
        else:
            check(party[noun], f"{here}.{noun}", problems)
        if "relevantTypes" in party:
            _check_relevant_types(party["relevantTypes"], f"{here}.relevantTypes", problems)


def _check_relevant_types(types: Any, path: str, problems: Problems) -> None:
    if type(types) is not list or not types:
        problems(path, "XP-10", "must be an array with at least one IRI")
        return
    for index, one in enumerate(types):
        if type(one) is not str or not rx.is_iri(one):
            problems(f"{path}[{index}]", "XP-37", "must be an absolute IRI (with a scheme)")
