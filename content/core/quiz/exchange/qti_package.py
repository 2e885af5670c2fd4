"""Packages of QTI items: the files of a zip, with the imsmanifest.xml that names them.

The zip itself is read and written by the host, with the same care as any zip of strangers; here a
package is {path: bytes}. Names are only ever compared.
"""

import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from lxml import etree

from content.core.quiz.exchange.qti_read import read_item
from content.core.quiz.exchange.qti_tree import VERSIONS, make, read_tree, write_tree
from content.core.quiz.exchange.qti_write import write_item
from content.core.quiz.exchange.report import FileUnreadable, Imported, NotTaken
from content.core.quiz.questions import Question
from content.core.remarks import Remark

MANIFEST = "imsmanifest.xml"
QTI_FORMS = tuple(VERSIONS)
_OTHERS = ("imsqti_xmlv1", "imsqti_assessment_xmlv1", "ims_qtiasiv1", "imsqti_item_xmlv1")


def read_qti_item(data: bytes, name: str = "") -> Imported:
    """The question of one item's file; raises FileUnreadable where it is no item."""
    root, found = read_tree(data), Imported()
    if root.tag == "questestinterop":
        raise FileUnreadable("This is QTI 1.2; QTI 2.1, 2.2 and 3.0 are read.")
    if root.tag != "assessmentItem":
        raise FileUnreadable("This is no QTI item: the first element is <%(tag)s>.", tag=root.tag)
    title = root.get("title") or root.get("identifier") or name
    try:
        found.take(title, read_item(root))
    except ValueError as wrong:
        found.leave(title, wrong)
    return found


def read_qti_package(files: Mapping[str, bytes]) -> Imported:
    """The questions of a package, in the manifest's order; raises FileUnreadable."""
    places = [name for name in files if posixpath.basename(name) == MANIFEST]
    if not places:
        raise FileUnreadable("There is no imsmanifest.xml in this zip.")
    place, found = min(places, key=len), Imported()
    for href, kind in _read_resources(files[place]):
        name = posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(href)))
        if kind.startswith(_OTHERS):
            found.leave(name, Remark("this is QTI 1; QTI 2.1, 2.2 and 3.0 are read"))
        elif kind.startswith(("imsqti_test", "imsqti_assessment", "imsqti_section")):
            told = Remark("sections and rules of a test are not taken, only its items")
            found.leave(name, told)
        elif not kind.startswith("imsqti_item"):
            continue
        elif name not in files:
            found.leave(name, Remark("the manifest names it, but it is not in the zip"))
        else:
            try:
                one = read_qti_item(files[name], name)
            except FileUnreadable as wrong:
                found.leave(name, wrong)
                continue
            found.questions += one.questions
            found.left_out += one.left_out
    if not found.questions and not found.left_out:
        raise FileUnreadable("The manifest names no QTI items.")
    return found


def _read_resources(data: bytes) -> Iterator[tuple[str, str]]:
    """(href, type) of each resource."""
    for one in read_tree(data).iterfind("resources/resource"):
        first = one.find("file")
        href = one.get("href") or (first.get("href", "") if first is not None else "")
        yield href, one.get("type", "")


def write_qti_package(
    form: str, questions: list[Question]
) -> tuple[dict[str, bytes], list[tuple[str, Remark]]]:
    """({path: bytes}, [(question, what it does not tell)]); `form` is one of QTI_FORMS."""
    files: dict[str, bytes] = {}
    left_out: list[tuple[str, Remark]] = []
    for at, question in enumerate(questions, start=1):
        name = question.title or f"Q{at}"
        try:
            item, notes = write_item(question, f"item-{at:03}", name)
        except NotTaken as wrong:
            left_out.append((name, wrong.remark))
            continue
        left_out += [(name, note) for note in notes]
        files[f"items/item-{at:03}.xml"] = write_tree(item, form)
    files[MANIFEST] = _write_manifest(form, list(files))
    return files, left_out


def _write_manifest(form: str, names: list[str]) -> bytes:
    version = VERSIONS[form]
    resources = [
        make(
            "resource",
            make("file", href=name),
            identifier=f"res-{posixpath.basename(name).removesuffix('.xml')}",
            type=version.resource_type,
            href=name,
        )
        for name in names
    ]
    root = make(
        "manifest",
        make(
            "metadata",
            make("schema", version.schema),
            make("schemaversion", version.schema_version),
        ),
        make("organizations"),
        make("resources", *resources),
        identifier="lectern-questions",
        xmlns=version.manifests,
    )
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data
