"""The small checks that the validators of all nouns are made of.

Each looks at one property `key` of `owner`, found at `path`, and reports into `problems`. JSON null
is refused everywhere outside extensions (XP-21); `bool` is not a number (XP-20).
"""

from collections.abc import Callable, Set
from typing import Any

from xapi_lrs.core import rx
from xapi_lrs.core.problems import JsonObject, Problems, at
from xapi_lrs.core.requirements import NULL, UNKNOWN

Check = Callable[[str], bool]


def check_object(value: Any, known: Set[str], path: str, problems: Problems, what: str) -> bool:
    """Whether `value` is an object; its unknown properties are reported. XP-21"""
    if type(value) is not dict:
        problems(path, "XP-21", f"{what} must be an object")
        return False
    if not value.keys() <= known:
        for key in sorted(value.keys() - known):
            message = f"is not a property of {what} (case matters)"
            problems(at(path, key), "XP-21", message, UNKNOWN)
    return True


def present(owner: JsonObject, key: str, path: str, problems: Problems) -> bool:
    """Whether `key` has a value; null is reported."""
    if key not in owner:
        return False
    if owner[key] is None:
        problems(f"{path}.{key}", "XP-21", "must not be null", NULL)
        return False
    return True


def check_string(
    owner: JsonObject,
    key: str,
    path: str,
    problems: Problems,
    *,
    required: bool = False,
    check: Check | None = None,
    must: str = "",
    rule: str = "XP-21",
) -> None:
    """`owner[key]` is a string and passes `check`; `must` says what the check wants."""
    value = owner.get(key)
    if value is None:
        if key in owner:
            problems(f"{path}.{key}", "XP-21", "must not be null", NULL)
        elif required:
            problems(f"{path}.{key}", rule, "is missing")
    elif type(value) is not str:
        problems(f"{path}.{key}", "XP-21", "must be a string")
    elif check is not None and not check(value):
        problems(f"{path}.{key}", rule, must)


def check_iri(
    owner: JsonObject, key: str, path: str, problems: Problems, *, required: bool = False
) -> None:
    check_string(
        owner,
        key,
        path,
        problems,
        required=required,
        check=rx.is_iri,
        must="must be an absolute IRI (with a scheme)",
        rule="XP-37",
    )


def check_number(owner: JsonObject, key: str, path: str, problems: Problems) -> float | None:
    """The number, or None; a string of digits and true are no numbers. XP-20"""
    if not present(owner, key, path, problems):
        return None
    value = owner[key]
    if type(value) is not float and type(value) is not int:
        problems(f"{path}.{key}", "XP-20", "must be a number")
        return None
    return value


def check_boolean(owner: JsonObject, key: str, path: str, problems: Problems) -> None:
    if present(owner, key, path, problems) and type(owner[key]) is not bool:
        problems(f"{path}.{key}", "XP-20", "must be true or false")


def check_language_map(
    owner: JsonObject, key: str, path: str, problems: Problems, *, required: bool = False
) -> None:
    """Language tags to strings (1.0.3 Data 4.2). XP-36"""
    if not present(owner, key, path, problems):
        if required and key not in owner:
            problems(f"{path}.{key}", "XP-21", "is missing")
        return
    value = owner[key]
    if type(value) is not dict:
        problems(f"{path}.{key}", "XP-36", "must be a language map")
        return
    for tag, text in value.items():
        if not rx.is_language_tag(tag):
            problems(at(f"{path}.{key}", tag), "XP-36", "is not an RFC 5646 language tag")
        if type(text) is not str:
            problems(at(f"{path}.{key}", tag), "XP-21", "must be a string")


def check_extensions(owner: JsonObject, path: str, problems: Problems) -> None:
    """IRIs to anything at all, null included (1.0.3 Data 4.1). XP-21, XP-37"""
    if not present(owner, "extensions", path, problems):
        return
    value = owner["extensions"]
    if type(value) is not dict:
        problems(f"{path}.extensions", "XP-21", "must be an object")
        return
    for key in value:
        if not rx.is_iri(key):
            problems(at(f"{path}.extensions", key), "XP-37", "an extension's key must be an IRI")
