"""A course as a folder of Markdown and YAML.

    course.yaml            key, title, summary, language, …, modules: [{title, units: [file, …]}]
    about.md               the description
    lessons/light.md       a unit: YAML between two lines of ---, then the Markdown of its body
    quizzes/<key>.yaml     a quiz: title, settings, questions
    images/pot.svg         files, named from the Markdown and from YAML by their path in the folder

Units name packages and quizzes by key. Modules and units without an `id` get one from the course's
key and their place's name, so reading a folder again finds the same units.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml

from content.core.errors import ContentError

_LINK = re.compile(r"(!?\[[^\]\n]*\]\()([^)\s]+)")
_COPIED = (
    *("title", "summary", "language", "difficulty", "duration_minutes", "tags", "order"),
    *("completion", "passing_score", "certificate", "certificate_valid_days"),
)
_UNIT_COPIED = (
    *("kind", "title", "required", "weight", "minutes", "completion", "opens", "due", "url"),
    "assignment",
)


class FolderInvalid(ContentError, ValueError):
    """A file of the folder is wrong or missing; `file` says which."""

    status_hint = 422

    def __init__(self, file: str, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


_UNKNOWN = {
    "package": "there is no package with the key “%(key)s” here",
    "quiz": "there is no quiz with the key “%(key)s” here",
}


@dataclass(frozen=True)
class Resolver:
    """From names in a folder to ids here; each answers None for what is not there."""

    file: Callable[[str], UUID | None]
    """Path in the folder."""
    package: Callable[[str], UUID | None]
    quiz: Callable[[str], UUID | None]


@dataclass(frozen=True)
class CourseFolder:
    """What a folder says."""

    key: str
    document: dict[str, Any]
    category: str
    """Names from the root, with " / " between them; "" for none."""
    enrolment: str
    """open, approval, closed."""


def read_key(files: Mapping[str, bytes]) -> str:
    """The key that course.yaml names."""
    key = _yaml(files, "course.yaml").get("key")
    if not isinstance(key, str) or not key:
        raise FolderInvalid("course.yaml", "a key is missing")
    return key


def read_folder(files: Mapping[str, bytes], resolver: Resolver) -> CourseFolder:
    """The course of a folder; raises FolderInvalid. The document itself is checked elsewhere."""
    told, key = _yaml(files, "course.yaml"), read_key(files)
    document = {name: told[name] for name in _COPIED if name in told}
    if told.get("picture"):
        document["picture"] = _file(resolver, "course.yaml", "", told["picture"])
    if "about.md" in files:
        document["description"] = _link(resolver, "about.md", _text(files, "about.md"))
    document["modules"] = [
        _read_module(files, resolver, key, module, number)
        for number, module in enumerate(_list(told.get("modules"), "course.yaml", "modules"))
    ]
    category, enrolment = str(told.get("category") or ""), str(told.get("enrolment") or "open")
    return CourseFolder(key, document, category, enrolment)


def read_quizzes(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Quizzes by key, of quizzes/<key>.yaml: title, description, settings, and questions as
    content.core.quiz.reading reads them."""
    return {
        posixpath.basename(name).removesuffix(".yaml"): _yaml(files, name)
        for name in sorted(files)
        if name.startswith("quizzes/") and name.endswith(".yaml")
    }


def write_quiz_file(told: Mapping[str, Any]) -> bytes:
    """What `read_quizzes` reads."""
    return _dump(dict(told)).encode()


def find_used_files(files: Mapping[str, bytes]) -> list[str]:
    """Everything that is neither Markdown nor YAML."""
    return sorted(name for name in files if not name.endswith((".md", ".yaml", ".yml")))


def write_folder(
    folder: CourseFolder,
    *,
    names: Mapping[UUID, str],
    packages: Mapping[UUID, str],
    quizzes: Mapping[UUID, str],
) -> dict[str, bytes]:
    """Markdown and YAML of a course; `names` says where its files lie in the folder. Reading it
    again gives the same document."""
    document, made = folder.document, {}
    told: dict[str, Any] = {"key": folder.key}
    told |= {name: document[name] for name in _COPIED if document.get(name) not in (None, "")}
    if folder.category:
        told["category"] = folder.category
    told["enrolment"] = folder.enrolment
    if document.get("picture"):
        told["picture"] = names[UUID(document["picture"])]
    modules, count = [], 0
    for module in document.get("modules", []):
        listed = []
        for unit in module.get("units", []):
            count += 1
            name = f"units/{count:02}-{_slug(unit.get('title', ''))}.md"
            made[name] = _write_unit(unit, names, packages, quizzes)
            listed.append(name)
        kept = {one: module[one] for one in ("id", "title", "description") if module.get(one)}
        modules.append(kept | {"units": listed})
    told["modules"] = modules
    made["course.yaml"] = _dump(told).encode()
    if document.get("description"):
        made["about.md"] = _unlink(document["description"], names, "").encode()
    return made


def _read_module(
    files: Mapping[str, bytes], resolver: Resolver, key: str, module: Any, number: int
) -> dict[str, Any]:
    if not isinstance(module, dict):
        raise FolderInvalid("course.yaml", "module %(number)s is no mapping", number=number + 1)
    listed = _list(module.get("units"), "course.yaml", "units")
    made = {"id": str(module.get("id") or _id(key, f"module {number + 1}"))}
    made |= {name: str(module.get(name) or "") for name in ("title", "description")}
    return made | {"units": [_read_unit(files, resolver, key, str(one)) for one in listed]}


def _read_unit(
    files: Mapping[str, bytes], resolver: Resolver, key: str, name: str
) -> dict[str, Any]:
    text = _text(files, name)
    told, body = _split(name, text)
    made = {one: told[one] for one in _UNIT_COPIED if one in told}
    made["id"] = str(told.get("id") or _id(key, name))
    made["body"] = _link(resolver, name, body)
    folder = posixpath.dirname(name)
    if told.get("video"):
        made["video"] = _read_video(resolver, name, folder, told["video"])
    if told.get("files"):
        made["files"] = [
            {"file": _file(resolver, name, folder, one["file"]), "title": one.get("title", "")}
            for one in _list(told["files"], name, "files")
        ]
    for kind, find in (("package", resolver.package), ("quiz", resolver.quiz)):
        if told.get(kind):
            found = find(str(told[kind]))
            if found is None:
                raise FolderInvalid(name, _UNKNOWN[kind], key=told[kind])
            made[kind] = str(found)
    for when in ("opens", "due"):
        if isinstance(made.get(when), dict) and made[when].get("at"):
            made[when] = made[when] | {"at": str(made[when]["at"])}
    return made


def _read_video(resolver: Resolver, name: str, folder: str, told: Any) -> dict[str, Any]:
    if isinstance(told, str):
        told = {"file": told}
    captions = [
        one | {"file": _file(resolver, name, folder, one["file"])}
        for one in told.get("captions", [])
    ]
    read: dict[str, Any] = dict(told)
    return read | {"file": _file(resolver, name, folder, told["file"]), "captions": captions}


def _write_unit(
    unit: dict[str, Any],
    names: Mapping[UUID, str],
    packages: Mapping[UUID, str],
    quizzes: Mapping[UUID, str],
) -> bytes:
    told = {"id": unit["id"]} | {
        one: unit[one] for one in _UNIT_COPIED if unit.get(one) is not None
    }

    def place(file_id: str) -> str:
        return f"../{names[UUID(file_id)]}"

    if unit.get("video"):
        captions = [one | {"file": place(one["file"])} for one in unit["video"].get("captions", [])]
        told["video"] = unit["video"] | {
            "file": place(unit["video"]["file"]),
            "captions": captions,
        }
    if unit.get("files"):
        told["files"] = [one | {"file": place(one["file"])} for one in unit["files"]]
    for kind, keys in (("package", packages), ("quiz", quizzes)):
        if unit.get(kind):
            told[kind] = keys.get(UUID(unit[kind]), unit[kind])
    body = _unlink(unit.get("body", ""), names, "../")
    return f"---\n{_dump(told)}---\n{body}".encode()


def _link(resolver: Resolver, name: str, text: str) -> str:
    """Paths in Markdown become `file:<id>`."""

    def replace(found: re.Match[str]) -> str:
        target = found[2]
        if re.match(r"[a-z][a-z0-9+.-]*:|#|/", target, re.IGNORECASE):
            return found[0]
        return f"{found[1]}file:{_file(resolver, name, posixpath.dirname(name), target)}"

    return _LINK.sub(replace, text)


def _unlink(text: str, names: Mapping[UUID, str], before: str) -> str:
    def replace(found: re.Match[str]) -> str:
        scheme, _, rest = found[2].partition(":")
        if scheme != "file":
            return found[0]
        return f"{found[1]}{before}{names.get(UUID(rest), rest)}"

    return _LINK.sub(replace, text)


def _file(resolver: Resolver, name: str, folder: str, path: Any) -> str:
    wanted = posixpath.normpath(posixpath.join(folder, str(path)))
    found = resolver.file(wanted)
    if found is None:
        raise FolderInvalid(name, "there is no file “%(path)s”", path=path)
    return str(found)


def _split(name: str, text: str) -> tuple[dict[str, Any], str]:
    """Front matter and body."""
    if not text.startswith("---\n"):
        return {"title": posixpath.basename(name).removesuffix(".md")}, text
    head, mark, body = text[4:].partition("\n---\n")
    if not mark:
        raise FolderInvalid(name, "the line --- that ends the YAML is missing")
    return _load(name, head), body.lstrip("\n")


def _yaml(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    return _load(name, _text(files, name))


def _load(name: str, text: str) -> dict[str, Any]:
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise FolderInvalid(name, "no YAML: %(fault)s", fault=str(error)[:300]) from None
    if not isinstance(told, dict):
        raise FolderInvalid(name, "YAML with names and values is expected here")
    return told


def _text(files: Mapping[str, bytes], name: str) -> str:
    if name not in files:
        raise FolderInvalid(name, "there is no such file in the folder")
    try:
        return files[name].decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise FolderInvalid(name, "not in UTF-8") from None


def _list(value: Any, file: str, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise FolderInvalid(file, "“%(name)s” is to be a list", name=name)
    return value


def _dump(told: dict[str, Any]) -> str:
    return str(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100))


def _id(key: str, name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"lectern:course:{key}:{name}")


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "unit"
