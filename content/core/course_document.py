"""From a document (JSON) to a Course and back."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from content.core.course import (
    ACCEPTS,
    COURSE_RULES,
    DIFFICULTIES,
    ORDERS,
    RULES_OF,
    UNIT_KINDS,
    Assignment,
    Attachment,
    Caption,
    Completion,
    Course,
    CourseRule,
    Module,
    Unit,
    Video,
    When,
)
from content.core.errors import CourseInvalid

RANGE = "a number from %(least)s to %(most)s, please"
MAX_UNITS = 1000
MAX_BODY = 200_000
"""Characters of a lesson."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")


def read_course(document: Any) -> Course:
    """The course that a document describes; raises CourseInvalid."""
    top = _Place(document, "")
    modules = tuple(_read_module(one) for one in top.each("modules"))
    course = Course(
        title=top.text("title", 200),
        summary=top.text("summary", 500),
        description=top.text("description", MAX_BODY),
        language=_read_language(top),
        difficulty=top.choice("difficulty", DIFFICULTIES, ""),
        duration_minutes=_whole(top.number("duration_minutes", 0, 1_000_000)),
        tags=tuple(dict.fromkeys(tag.strip() for tag in top.texts("tags", 50, 60) if tag.strip())),
        picture=top.uuid("picture"),
        order=top.choice("order", ORDERS, "free"),
        rule=_read_rule(top.part("completion"), top.number("passing_score", 0, 1)),
        certificate=top.flag("certificate", False),
        certificate_valid_days=_whole(top.number("certificate_valid_days", 1, 36_500)),
        modules=modules,
    )
    _check_ids(course)
    return course


def _read_language(top: "_Place") -> str:
    language = top.text("language", 20) or "en"
    if not _LANGUAGE.fullmatch(language):
        raise CourseInvalid(
            "language", "“%(value)s” is no language tag, such as “en” or “de”", value=language
        )
    return language


def _read_rule(place: "_Place", passing_score: float | None) -> CourseRule:
    rule = place.choice("rule", COURSE_RULES, "all_required")
    count = _whole(place.number("count", 0, MAX_UNITS)) or 0
    return CourseRule(rule, count, passing_score)  # type: ignore[arg-type]  # of COURSE_RULES


def _read_module(place: "_Place") -> Module:
    return Module(
        id=place.needed_uuid("id"),
        title=place.text("title", 200),
        description=place.text("description", 5000),
        units=tuple(_read_unit(one) for one in place.each("units")),
    )


def _read_unit(place: "_Place") -> Unit:
    kind = place.choice("kind", UNIT_KINDS, "lesson")
    return Unit(
        id=place.needed_uuid("id"),
        kind=kind,  # type: ignore[arg-type]  # of UNIT_KINDS
        title=place.text("title", 200),
        completion=_read_completion(place.part("completion"), kind),
        is_required=place.flag("required", True),
        opens=_read_when(place.part("opens"), opening=True),
        due=_read_when(place.part("due"), opening=False),
        weight=_or(place.number("weight", 0, 1000), 1.0),
        minutes=place.number("minutes", 0, 100_000),
        body=place.text("body", MAX_BODY),
        video=_read_video(place.part("video")),
        files=tuple(
            Attachment(one.needed_uuid("file"), one.text("title", 200))
            for one in place.each("files")
        ),
        package=place.uuid("package"),
        quiz=place.uuid("quiz"),
        url=_read_url(place),
        assignment=_read_assignment(place.part("assignment")) if kind == "assignment" else None,
    )


def _read_completion(place: "_Place", kind: str) -> Completion:
    rule = place.choice("rule", RULES_OF[kind], RULES_OF[kind][0])
    return Completion(
        rule=rule,  # type: ignore[arg-type]  # of RULES_OF
        minutes=place.number("minutes", 0, 10_000),
        percent=place.number("percent", 0, 100),
        score=place.number("score", 0, 1),
    )


def _read_when(place: "_Place", *, opening: bool) -> When:
    after = place.flag("after_previous", False) if opening else False
    return When(at=place.moment("at"), days=place.number("days", 0, 36_500), after_previous=after)


def _read_video(place: "_Place") -> Video | None:
    file = place.uuid("file")
    if file is None:
        return None
    captions = tuple(
        Caption(one.needed_uuid("file"), one.text("language", 20) or "en", one.text("label", 60))
        for one in place.each("captions")
    )
    return Video(file, captions, place.text("title", 200))


def _read_url(place: "_Place") -> str:
    url = place.text("url", 2000).strip()
    if url and not re.match(r"https?://[^\s/]+", url):
        raise CourseInvalid(place.at("url"), "an address begins with https:// or http://")
    return url


def _read_assignment(place: "_Place") -> Assignment:
    extensions = [one.strip().lower().lstrip(".") for one in place.texts("extensions", 30, 10)]
    for one in extensions:
        if not _EXTENSION.fullmatch(one):
            raise CourseInvalid(
                place.at("extensions"), "“%(value)s” is no ending of a file's name", value=one
            )
    return Assignment(
        accept=place.choice("accept", ACCEPTS, "both"),
        max_mb=_or(place.number("max_mb", 0.01, 1000), 20.0),
        extensions=tuple(extensions),
        points=_or(place.number("points", 0.01, 100_000), 100.0),
        tries=_whole(place.number("tries", 0, 1000)) or 0,
    )


def _check_ids(course: Course) -> None:
    units = [unit.id for unit in course.units()]
    if len(units) > MAX_UNITS:
        raise CourseInvalid("modules", "a course has at most %(most)s units", most=MAX_UNITS)
    ids = [*units, *(module.id for module in course.modules)]
    twice = {one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else set()
    if twice:
        raise CourseInvalid("modules", "the id %(value)s is there twice", value=min(twice))


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


class _Place:
    """One object of the document, and where it is."""

    def __init__(self, value: Any, path: str) -> None:
        if not isinstance(value, Mapping):
            raise CourseInvalid(path, "an object is expected here")
        self._value, self._path = value, path

    def at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _get(self, name: str) -> Any:
        return self._value.get(name)

    def text(self, name: str, longest: int) -> str:
        value = self._get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise CourseInvalid(self.at(name), "a text is expected here")
        if len(value) > longest:
            raise CourseInvalid(self.at(name), "longer than %(most)s characters", most=longest)
        if "\x00" in value or any("\ud800" <= one <= "\udfff" for one in value):
            raise CourseInvalid(self.at(name), "characters that are no text")
        return value

    def texts(self, name: str, most: int, longest: int) -> list[str]:
        value = self._list(name, most)
        if not all(isinstance(one, str) and len(one) <= longest for one in value):
            raise CourseInvalid(
                self.at(name), "texts of at most %(most)s characters, please", most=longest
            )
        return list(value)

    def choice(self, name: str, choices: Sequence[str], otherwise: str) -> str:
        value = self._get(name)
        if value is None:
            return otherwise
        if value not in choices:
            said = ", ".join(f"“{one}”" for one in choices if one)
            raise CourseInvalid(
                self.at(name),
                "“%(value)s” is not one of %(choices)s",
                value=str(value)[:80],
                choices=said,
            )
        return str(value)

    def flag(self, name: str, otherwise: bool) -> bool:
        value = self._get(name)
        if value is None:
            return otherwise
        if not isinstance(value, bool):
            raise CourseInvalid(self.at(name), "true or false is expected here")
        return value

    def number(self, name: str, least: float, most: float) -> float | None:
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise CourseInvalid(self.at(name), "a number is expected here")
        if not least <= value <= most:
            raise CourseInvalid(self.at(name), RANGE, least=f"{least:g}", most=f"{most:g}")
        return float(value)

    def uuid(self, name: str) -> UUID | None:
        value = self._get(name)
        if value in (None, ""):
            return None
        try:
            return UUID(value)
        except (ValueError, AttributeError, TypeError):
            raise CourseInvalid(
                self.at(name), "“%(value)s” is no id", value=str(value)[:80]
            ) from None

    def needed_uuid(self, name: str) -> UUID:
        found = self.uuid(name)
        if found is None:
            raise CourseInvalid(self.at(name), "an id is missing")
        return found

    def moment(self, name: str) -> datetime | None:
        value = self._get(name)
        if value in (None, ""):
            return None
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError:
            raise CourseInvalid(
                self.at(name), "“%(value)s” is no date of ISO 8601", value=value
            ) from None
        return read if read.tzinfo else read.replace(tzinfo=UTC)

    def part(self, name: str) -> "_Place":
        return _Place(self._get(name) or {}, self.at(name))

    def each(self, name: str) -> list["_Place"]:
        listed = self._list(name, MAX_UNITS)
        return [_Place(one, f"{self.at(name)}.{index}") for index, one in enumerate(listed)]

    def _list(self, name: str, most: int) -> list[Any]:
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise CourseInvalid(self.at(name), "a list is expected here")
        if len(value) > most:
            raise CourseInvalid(self.at(name), "at most %(most)s entries, please", most=most)
        return list(value)
