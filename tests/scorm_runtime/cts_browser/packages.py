"""ADL's manifests as zips that can be imported: each file they name is a page of ours."""

import io
import json
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

SCRIPT = Path(__file__).with_name("sco.js").read_text()
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_PAGE = (
    "<!doctype html><title>{name}</title><p>{name}</p>"
    "<script>window.goodbye = {goodbye};\n{script}</script>"
)


def build_package(directory: Path, goodbyes: dict[str, list[tuple[str, ...]]]) -> bytes:
    """A zip of `directory`/imsmanifest.xml; `goodbyes` are the calls on unload, by file name."""
    manifest = (directory / "imsmanifest.xml").read_bytes()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("imsmanifest.xml", manifest)
        for path in sorted(_paths(manifest)):
            name = path.rsplit("/", 1)[-1]
            goodbye = json.dumps(goodbyes.get(name, []))
            page = _PAGE.format(name=name, goodbye=goodbye, script=SCRIPT)
            package.writestr(path, page)
    return written.getvalue()


def _paths(manifest: bytes) -> set[str]:
    found = set()
    for element in etree.fromstring(manifest).iter("{*}resource", "{*}file"):
        if not element.get("href"):
            continue
        above = [one.get(_BASE, "") for one in reversed(list(element.iterancestors()))]
        href = "".join([*above, element.get(_BASE, ""), element.get("href", "")])
        path = urlsplit("".join(href.split())).path
        if path:
            found.add(path)
    return found
