"""`<resources>`: what the items refer to (CAM 1.2: 2.3.2.4)."""

from lxml import etree

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.elements import (
    attribute,
    base_of,
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
        base = base_of(container)
        for element in children(container, "resource"):
            resource = _read_resource(element, base)
            if resource.identifier in resources:
                message = f"Two resources are called {resource.identifier!r}."
                meaning = "Where the second one was meant, learners see the first."
                done = "The first one counts."
                report.add(Level.WARNING, "resource_identifier", message, meaning, element, done)
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
        (href, resource)
        for resource in resources.values()
        for href in resource.files
        if not (target := files.resolve(href)).path and not target.is_external
    ]
    if missing:
        names = ", ".join(h for h, _ in missing[:5]) + ("…" if len(missing) > 5 else "")
        report.add_at(
            Level.WARNING,
            "files_missing",
            f"{len(missing)} files that the manifest lists are not in the package: {names}",
            "Pictures or pages may be missing.",
            name=f"resource {missing[0][1].identifier}",
            line=missing[0][1].line,
        )
    for resource in resources.values():
        for reference in resource.dependencies:
            if reference not in resources:
                message = f"{resource.identifier!r} depends on {reference!r}, which does not exist."
                report.add_at(
                    Level.WARNING,
                    "dependency_missing",
                    message,
                    "Nothing, unless files are missing from the package too.",
                    name=f"resource {resource.identifier}",
                    line=resource.line,
                )
