"""What can be started, in the order of the tree."""

from collections.abc import Iterator

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.errors import (
    LaunchElsewhere,
    LaunchFileMissing,
    LaunchOutside,
    NothingToLaunch,
)
from scorm_runtime.core.manifest.files import Files, Target, add_parameters
from scorm_runtime.core.manifest.model import Item, Resource, Sco
from scorm_runtime.core.manifest.report import Report


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
            message = f"{item.title or item.identifier!r}: its resource {reason}; it was left out."
            report.add(Level.WARNING, "item_without_target", message, "This entry is missing.")
            continue
        target = files.resolve(resource.href)
        refusal = _refusal(target, resource)
        if refusal is not None:
            refusals.append(refusal)
            message = f"{item.title or item.identifier!r} was left out: {refusal}"
            report.add(Level.WARNING, "item_left_out", message, "This entry is missing.")
            continue
        _note_spelling(target, report)
        scos.append(_sco(item, resource, target))
    if not scos:
        raise refusals[0] if refusals else NothingToLaunch()
    return tuple(scos)


def organization_of_resources(resources: dict[str, Resource], title: str) -> Item | None:
    """For a package without organization: one item for each SCO (or else each page)."""
    launchable = [r for r in resources.values() if r.href]
    chosen = [r for r in launchable if r.scorm_type == "sco"] or launchable
    if not chosen:
        return None
    items = tuple(_bare_item(f"item-{r.identifier}", r.identifier, r.identifier) for r in chosen)
    return _bare_item("organization", title, "", items)


def _bare_item(identifier: str, title: str, ref: str, items: tuple[Item, ...] = ()) -> Item:
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


def _note_spelling(target: Target, report: Report) -> None:
    if target.path != target.wanted:
        message = f"The manifest spells {target.path!r} as {target.wanted!r}; it was put right."
        meaning = "Links inside the content may be misspelled in the same way and lead nowhere."
        report.add(Level.REPAIRED, "href_spelling", message, meaning)


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
