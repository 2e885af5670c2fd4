"""What can be started, in the order of the tree."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.errors import (
    LaunchElsewhere,
    LaunchFileMissing,
    LaunchOutside,
    NothingToLaunch,
)
from scorm_runtime.core.manifest.files import Files, Target, add_parameters
from scorm_runtime.core.manifest.model import Item, Resource, Sco, Standard
from scorm_runtime.core.manifest.report import Report
from scorm_runtime.core.manifest.sequencing import parse_sequencing

_2004 = Standard.SCORM_2004


def list_scos(
    organization: Item, resources: dict[str, Resource], files: Files, report: Report
) -> tuple[Sco, ...]:
    """One Sco for each item whose resource has an href; raises when there is nothing to start.

    An item that leads nowhere is left out with a warning as long as another one can be started.
    """
    scos: list[Sco] = []
    refusals: list[Exception] = []
    for item in _walk(organization):
        if not item.identifierref:
            continue
        resource = resources.get(item.identifierref)
        if resource is None or not resource.href:
            reason = "does not exist" if resource is None else "has no href"
            _leave_out("item_without_target", item, f"its resource {reason}", report)
            continue
        target = files.resolve(resource.href)
        refusal = _refusal(target, resource)
        if refusal is not None:
            refusals.append(refusal)
            _leave_out("item_left_out", item, str(refusal), report)
            continue
        _note_spelling(item, target, report)
        scos.append(_sco(item, resource, target))
    if not scos:
        raise refusals[0] if refusals else NothingToLaunch()
    return tuple(scos)


def keep_deliverable(organization: Item, scos: tuple[Sco, ...], report: Report) -> Item:
    """The tree without items that offer nothing: no page to start, and nothing below them."""
    deliverable = {sco.identifier for sco in scos}

    def keep(item: Item) -> Item | None:
        items = tuple(kept for below in item.items if (kept := keep(below)) is not None)
        if items or item.identifier in deliverable:
            return replace(item, items=items)
        if not item.identifierref and not item.items:
            message = f"{item.title or item.identifier!r} has neither a page nor parts."
            name, done = f"item {item.identifier}", "It was left out."
            report.add_at(Level.NOTE, "item_empty", message, name=name, line=item.line, done=done)
        return None

    return keep(organization) or organization


def organization_of_resources(
    resources: dict[str, Resource], title: str, standard: Standard
) -> Item | None:
    """For a package without organization: one item for each SCO (or else each page)."""
    flow = parse_sequencing(etree.Element("organization"), {}) if standard is _2004 else None
    launchable = [r for r in resources.values() if r.href]
    chosen = [r for r in launchable if r.scorm_type == "sco"] or launchable
    if not chosen:
        return None
    items = tuple(
        _bare_item(f"item-{r.identifier}", r.identifier, r.identifier, flow) for r in chosen
    )
    return _bare_item("organization", title, "", flow, items)


def _bare_item(
    identifier: str,
    title: str,
    ref: str,
    sequencing: Mapping[str, Any] | None,
    items: tuple[Item, ...] = (),
) -> Item:
    return Item(
        identifier=identifier,
        title=title,
        identifierref=ref,
        is_visible=True,
        parameters="",
        prerequisites="",
        mastery_score=None,
        max_time_allowed="",
        time_limit_action="",
        data_from_lms="",
        completion_threshold="",
        sequencing=sequencing,
        items=items,
        line=None,
    )


def _walk(item: Item) -> Iterator[Item]:
    yield item
    for below in item.items:
        yield from _walk(below)


def _refusal(target: Target, resource: Resource) -> Exception | None:
    if target.is_external:
        return LaunchElsewhere(resource.href)
    if target.is_outside:
        return LaunchOutside(resource.href)
    if not target.path:
        return LaunchFileMissing(target.wanted or resource.href)
    return None


def _leave_out(code: str, item: Item, reason: str, report: Report) -> None:
    report.add_at(
        Level.WARNING,
        code,
        f"{item.title or item.identifier!r} cannot be started: {reason}",
        "This entry is missing.",
        name=f"item {item.identifier}",
        line=item.line,
        done="It was left out.",
    )


def _note_spelling(item: Item, target: Target, report: Report) -> None:
    if target.path != target.wanted:
        report.add_at(
            Level.REPAIRED,
            "href_spelling",
            f"The manifest spells {target.path!r} as {target.wanted!r}.",
            "Links inside the content may be misspelled in the same way and lead nowhere.",
            name=f"item {item.identifier}",
            line=item.line,
            done="The file that is there was taken.",
        )


def _sco(item: Item, resource: Resource, target: Target) -> Sco:
    return Sco(
        identifier=item.identifier,
        title=item.title,
        href=target.url,
        launch=add_parameters(target.url, item.parameters),
        path=target.path,
        parameters=item.parameters,
        scorm_type=resource.scorm_type or "asset",
        is_visible=item.is_visible,
        prerequisites=item.prerequisites,
        mastery_score=item.mastery_score,
        max_time_allowed=item.max_time_allowed,
        time_limit_action=item.time_limit_action,
        data_from_lms=item.data_from_lms,
        completion_threshold=item.completion_threshold,
    )
