"""What a package version offers to play: its items in order, as the player lists them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["sco", "asset", "cluster"]


@dataclass(frozen=True)
class Item:
    """One line of the contents list; a cluster is only a heading."""

    identifier: str
    title: str
    kind: Kind
    level: int
    """0 for items directly below the organization."""
    href: str = ""
    """Path below the version's files, percent-encoded, with parameters; or an absolute URL."""
    is_visible: bool = True
    """Listed in the contents; others are only reached by next and previous."""
    launch_data: str = ""
    mastery_score: str = ""
    max_time_allowed: str = ""
    time_limit_action: str = ""

    def launch_values(self) -> dict[str, str]:
        """The elements that the manifest decides (CAM 1.2, adlcp items)."""
        values = {
            "cmi.launch_data": self.launch_data,
            "cmi.student_data.mastery_score": self.mastery_score,
            "cmi.student_data.max_time_allowed": self.max_time_allowed,
            "cmi.student_data.time_limit_action": self.time_limit_action,
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Contents:
    """All of it."""

    title: str
    items: tuple[Item, ...]
    root: str = ""
    """Identifier of the organization."""
    root_title: str = ""
    """Title of the organization; "" where it has none."""

    @property
    def playable(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind != "cluster")

    def find(self, identifier: str) -> Item | None:
        """The playable item with this identifier."""
        return next((item for item in self.playable if item.identifier == identifier), None)


def read_contents(title: str, manifest: Mapping[str, Any]) -> Contents:
    """The contents out of a version's stored manifest (`Manifest.as_json`)."""
    scos = {sco["identifier"]: sco for sco in manifest.get("scos", ())}
    root = manifest.get("organization") or {}
    return Contents(
        title,
        tuple(_walk(manifest.get("items", ()), scos, 0)),
        root.get("identifier") or "",
        root.get("title") or "",
    )


def _walk(
    nodes: Iterable[Mapping[str, Any]], scos: Mapping[str, Any], level: int
) -> Iterator[Item]:
    for node in nodes:
        identifier = node["identifier"]
        children = node.get("items", ())
        visible = bool(node.get("is_visible", True))
        if identifier in scos:
            yield _read_item(scos[identifier], level, visible=visible)
        elif children and visible:
            yield Item(identifier, node.get("title") or identifier, "cluster", level)
        yield from _walk(children, scos, level + 1 if visible else level)


def _read_item(sco: Mapping[str, Any], level: int, *, visible: bool) -> Item:
    mastery = sco.get("mastery_score")
    return Item(
        identifier=sco["identifier"],
        title=sco.get("title") or sco["identifier"],
        kind="asset" if sco.get("scorm_type") == "asset" else "sco",
        level=level,
        href=sco.get("launch") or sco.get("href") or "",
        is_visible=visible,
        launch_data=sco.get("data_from_lms") or "",
        mastery_score="" if mastery is None else f"{float(mastery):g}",
        max_time_allowed=sco.get("max_time_allowed") or "",
        time_limit_action=sco.get("time_limit_action") or "",
    )
