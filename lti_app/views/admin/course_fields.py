"""Fields of the editor's forms to parts of a course's document, and back.

The same fields come from a form that is sent and from one that saves itself. A part is replaced,
never changed; what the form does not show stays. Percentages are 0..100 in forms, 0..1 in the
document.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _

from content.core.course import RULES_OF

Fields = Mapping[str, Any]


class FieldInvalid(ValueError):
    """A field that cannot be read; `name` is the field's."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name, self.message = name, message


def read_module(part: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The module with the title and the description of the form."""
    return {**part, "title": title(fields), "description": _text(fields, "description")}


def read_unit(part: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The unit with what the form of its kind says; raises FieldInvalid."""
    kind = part.get("kind", "lesson")
    unit = {
        **part,
        "title": title(fields),
        "body": _text(fields, "body"),
        "required": "required" in fields,
        "minutes": number(fields, "minutes"),
        "completion": _read_completion(kind, fields),
        "opens": _read_moment(fields, "opens"),
        "due": _read_moment(fields, "due"),
    }
    if kind in ("package", "quiz", "assignment"):
        weight = number(fields, "weight")
        unit["weight"] = 1 if weight is None else weight
    if kind in ("package", "quiz"):
        unit[kind] = _text(fields, kind) or None
    if kind == "link":
        unit["url"] = _read_url(fields)
    if kind == "assignment":
        unit["assignment"] = _read_assignment(fields)
    if kind == "lesson":
        unit |= _retitle_media(part, fields)
    return unit


def read_settings(document: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The course's document with what its settings say; raises FieldInvalid."""
    rule = _text(fields, "rule") or "all_required"
    count = number(fields, "count")
    return {
        **document,
        "title": title(fields),
        "summary": _text(fields, "summary"),
        "description": _text(fields, "description"),
        "language": _text(fields, "language") or "en",
        "difficulty": _text(fields, "difficulty"),
        "duration_minutes": number(fields, "duration_minutes"),
        "tags": [tag.strip() for tag in _text(fields, "tags").split(",") if tag.strip()],
        "order": _text(fields, "order") or "free",
        "completion": {"rule": rule, "count": count or 0},
        "passing_score": share(fields, "passing_score"),
        "certificate": "certificate" in fields,
        "certificate_valid_days": number(fields, "certificate_valid_days"),
    }


def write_unit(part: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of a unit shows: texts by field."""
    completion = part.get("completion") or {}
    assignment = part.get("assignment") or {}
    return {
        "minutes": plain(part.get("minutes")),
        "weight": plain(part.get("weight", 1)),
        "rule": completion.get("rule") or RULES_OF[part.get("kind", "lesson")][0],
        "rule_minutes": plain(completion.get("minutes")),
        "rule_percent": plain(completion.get("percent")),
        "rule_score": percent(completion.get("score")),
        **_write_moment(part.get("opens") or {}, "opens"),
        **_write_moment(part.get("due") or {}, "due"),
        "accept": assignment.get("accept", "both"),
        "max_mb": plain(assignment.get("max_mb", 20)),
        "extensions": ", ".join(assignment.get("extensions") or []),
        "points": plain(assignment.get("points", 100)),
        "tries": plain(assignment.get("tries") or None),
    }


def title(fields: Fields) -> str:
    """The title, which everything has."""
    found = " ".join(_text(fields, "title").split())
    if not found:
        raise FieldInvalid("title", _("Give it a title."))
    return found[:200]


def number(fields: Fields, name: str) -> float | int | None:
    """A number that is not below nought, or None where the field is empty."""
    text = _text(fields, name).replace(",", ".")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < 1e9:
        raise FieldInvalid(name, _("Enter a number, or leave it empty."))
    return int(found) if found == int(found) else found


def share(fields: Fields, name: str) -> float | None:
    """A percentage of the form as a share of one."""
    found = number(fields, name)
    if found is not None and found > 100:
        raise FieldInvalid(name, _("Enter a percentage from 0 to 100."))
    return None if found is None else round(found / 100, 6)


def plain(value: float | None) -> str:
    """A number as people write it."""
    return "" if value is None else f"{value:g}"


def percent(value: float | None) -> str:
    """A share of one as a percentage."""
    return "" if value is None else f"{value * 100:g}"


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _read_completion(kind: str, fields: Fields) -> dict[str, Any]:
    rule = _text(fields, "rule")
    if rule not in RULES_OF[kind]:
        rule = RULES_OF[kind][0]
    found: dict[str, Any] = {"rule": rule}
    if rule == "time":
        found["minutes"] = number(fields, "rule_minutes") or 0
    elif rule == "watched":
        wanted = share(fields, "rule_percent")
        found["percent"] = 90 if wanted is None else wanted * 100
    elif rule == "score":
        found["score"] = share(fields, "rule_score") or 0
    return found


def _read_moment(fields: Fields, name: str) -> dict[str, Any]:
    """The choice "", "at", "days" or "after", with the field that belongs to it."""
    choice = _text(fields, name)
    if choice == "after":
        return {"after_previous": True}
    if choice == "days":
        return {"days": number(fields, f"{name}_days") or 0}
    text = _text(fields, f"{name}_at")
    if choice != "at" or not text:
        return {}
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FieldInvalid(f"{name}_at", _("Enter a date and a time.")) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return {"at": moment.astimezone(UTC).isoformat()}


def _write_moment(part: Mapping[str, Any], name: str) -> dict[str, str]:
    choice = next((key for key in ("at", "days") if part.get(key) not in (None, "")), "")
    if part.get("after_previous"):
        choice = "after"
    moment = str(part.get("at") or "")
    if moment:
        moment = datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return {name: choice, f"{name}_at": moment, f"{name}_days": plain(part.get("days"))}


def _read_url(fields: Fields) -> str:
    url = _text(fields, "url")
    if url and not url.startswith(("https://", "http://")):
        raise FieldInvalid("url", _("An address begins with https:// or http://."))
    return url


def _read_assignment(fields: Fields) -> dict[str, Any]:
    endings = _text(fields, "extensions").replace(",", " ").split()
    return {
        "accept": _text(fields, "accept") or "both",
        "max_mb": number(fields, "max_mb") or 20,
        "extensions": [one.lstrip(".").lower() for one in endings],
        "points": number(fields, "points") or 100,
        "tries": number(fields, "tries") or 0,
    }


def _retitle_media(part: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """Titles of the video and of files to fetch; fields are named after the file."""
    changed: dict[str, Any] = {}
    if files := part.get("files"):
        changed["files"] = [
            {**one, "title": _text(fields, f"file_title_{one['file']}") or one.get("title", "")}
            for one in files
        ]
    if video := part.get("video"):
        name = "video_title"
        changed["video"] = {**video, "title": _text(fields, name) or video.get("title", "")}
    return changed
