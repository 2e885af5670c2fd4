"""Manifests inside a manifest: a package made of packages (IMS CP 1.1.4, 4.3; CAM 2004 3.4).

The tree of XML is changed before it is read: an item that refers to a sub-manifest gets the items
of that one's organization, and resources of the same name are told apart. Each is used once, so
that manifests which refer to each other in a circle come to an end.
"""

from collections.abc import Iterator

from lxml import etree

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.elements import attribute, child, children, local_name
from scorm_runtime.core.manifest.report import Report

_REF = "identifierref"


def merge_submanifests(root: etree._Element, report: Report) -> None:
    """Make one manifest of `root` and the manifests inside it."""
    inner = [one for one in root.iter() if local_name(one.tag) == "manifest" and one is not root]
    if not inner:
        return
    _tell_resources_apart(root, inner)
    by_identifier = {attribute(one, "identifier"): one for one in inner}
    by_identifier.pop("", None)
    used: set[str] = set()
    waiting = [item for item in _own(root, "item") if attribute(item, _REF) in by_identifier]
    while waiting:
        item = waiting.pop()
        reference = attribute(item, _REF)
        _set(item, _REF, "")
        if reference in used:
            message = f"More than one item refers to the sub-manifest {reference!r}."
            meaning = "Its parts are listed in one place only."
            report.add(Level.WARNING, "submanifest_twice", message, meaning, element=item)
            continue
        used.add(reference)
        waiting += [
            moved
            for moved in _merge(item, by_identifier[reference])
            if attribute(moved, _REF) in by_identifier
        ]
    _tell(report, inner, used)


def _merge(item: etree._Element, manifest: etree._Element) -> list[etree._Element]:
    """Move the items of the sub-manifest's organization below `item`; answer all of them."""
    organization = find_organization(manifest)
    if organization is None:
        return []
    if child(item, "sequencing") is None:
        item.extend(list(children(organization, "sequencing")))
    moved = list(children(organization, "item"))
    item.extend(moved)
    return [found for one in moved for found in one.iter() if local_name(found.tag) == "item"]


def find_organization(manifest: etree._Element) -> etree._Element | None:
    """The default organization of a manifest, or its first one; None when it has none."""
    organizations = child(manifest, "organizations")
    found = [] if organizations is None else list(children(organizations, "organization"))
    default = "" if organizations is None else attribute(organizations, "default")
    named = (one for one in found if attribute(one, "identifier") == default)
    return next(named, found[0] if found else None)


def _tell_resources_apart(root: etree._Element, inner: list[etree._Element]) -> None:
    """Identifiers are unique in a manifest only: those taken outside get the inner one's name."""
    taken = {attribute(one, "identifier") for one in _own(root, "resource")}
    for number, manifest in enumerate(inner, start=1):
        name = attribute(manifest, "identifier") or f"manifest-{number}"
        own = {attribute(one, "identifier") for one in _own(manifest, "resource")}
        renamed = {identifier: f"{name}.{identifier}" for identifier in own & taken if identifier}
        taken |= (own - taken) | set(renamed.values())
        if not renamed:
            continue
        for resource in _own(manifest, "resource"):
            _rename(resource, "identifier", renamed)
        for reference in (*_own(manifest, "item"), *_own(manifest, "dependency")):
            _rename(reference, _REF, renamed)


def _own(manifest: etree._Element, name: str) -> Iterator[etree._Element]:
    """Elements called `name` of this manifest, those of manifests inside it left out."""
    for element in manifest:
        tag = local_name(element.tag)
        if tag == "manifest":
            continue
        if tag == name:
            yield element
        yield from _own(element, name)


def _rename(element: etree._Element, name: str, renamed: dict[str, str]) -> None:
    old = attribute(element, name)
    if old in renamed:
        _set(element, name, renamed[old])


def _set(element: etree._Element, name: str, value: str) -> None:
    for key in list(element.attrib):
        if local_name(key) == name:
            element.attrib[key] = value


def _tell(report: Report, inner: list[etree._Element], used: set[str]) -> None:
    if used:
        message = f"The manifest contains {len(used)} manifests of further packages."
        done = "They were read as parts of this course."
        report.add(Level.NOTE, "submanifests", message, element=inner[0], done=done)
    unused = [one for one in inner if attribute(one, "identifier") not in used]
    if unused:
        message = f"{len(unused)} manifests inside the manifest belong to no item."
        meaning = "Their contents are not listed."
        report.add(
            Level.WARNING, "submanifest_unused", message, meaning, unused[0], "They were left out."
        )
