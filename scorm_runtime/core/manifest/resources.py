"""`<resources>`: what the items refer to (CAM 1.2: 2.3.2.4)."""

from lxml import etree

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.elements import (
    attribute,
    children,
    join,
    line_of,
    local_name,
    with_base,
)
from scorm_runtime.core.manifest.files import Files
from scorm_runtime.core.manifest.model import Resource
from scorm_runtime.core.manifest.report import Report


def read_resources(root: etree._Element, report: Report) -> dict[str, Resource]:
    """All resources by identifier, in order; xml:base of every level is applied (ST-19)."""
    resources: dict[str, Resource] = {}
    for container in root.iter():
        if local_name(container.tag) != "resources":
            continue
        parent = container.getparent()
        base = with_base(container, with_base(parent if parent is not None else root, ""))
        for element in children(container, "resource"):
            resource = _read_resource(element, base)
            if resource.identifier in resources:
                message = f"Two resources are called {resource.identifier!r}; the first counts."
                report.add(Level.WARNING, "resource_identifier", message, element=element)
            else:
                resources[resource.identifier] = resource
    return resources


def _read_resource(element: etree._Element, base: str) -> Resource:
    base = with_base(element, base)
    href = attribute(element, "href").replace("\\", "/")
    hrefs = (attribute(file, "href").replace("\\", "/") for file in children(element, "file"))
    return Resource(
        identifier=attribute(element, "identifier"),
        type=attribute(element, "type"),
        scorm_type=attribute(element, "scormtype").lower(),
        href=join(base, href) if href else "",
        files=tuple(join(base, found) for found in hrefs if found),
        dependencies=tuple(attribute(d, "identifierref") for d in children(element, "dependency")),
        line=line_of(element),
    )


def check_resources(resources: dict[str, Resource], files: Files, report: Report) -> None:
    """Note listed files that are missing, and dependencies that lead nowhere."""
    missing = [
        href
        for resource in resources.values()
        for href in resource.files
        if not (target := files.resolve(href)).path and not target.is_external
    ]
    if missing:
        names = ", ".join(missing[:5]) + ("…" if len(missing) > 5 else "")
        message = f"{len(missing)} files that the manifest lists are not in the package: {names}"
        report.add(Level.WARNING, "files_missing", message, "Pictures or pages may be missing.")
    for resource in resources.values():
        for reference in resource.dependencies:
            if reference not in resources:
                message = f"{resource.identifier!r} depends on {reference!r}, which does not exist."
                report.add(Level.WARNING, "dependency_missing", message)
