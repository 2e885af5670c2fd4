"""XML of QTI in one spelling, whatever the version.

QTI 2.x says `assessmentItem` and `responseIdentifier`, QTI 3.0 `qti-assessment-item` and
`response-identifier`, for what is the same here. Reading turns 3.0 into the words of 2.1; writing
turns these into 3.0 at the end.
"""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree
from markdown_it import MarkdownIt

from content.core.quiz.exchange.moodle_xml import parse_xml
from content.core.quiz.exchange.report import NotTaken, to_markdown

_HTML = {
    *("p", "div", "span", "br", "hr", "strong", "b", "em", "i", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "sub", "sup"),
}
_NO_XML = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})


@dataclass(frozen=True)
class Version:
    """How a version of QTI names itself."""

    items: str
    """Namespace of items."""
    manifests: str
    """Namespace of imsmanifest.xml."""
    resource_type: str
    schema: str
    schema_version: str


VERSIONS = {
    "qti21": Version(
        "http://www.imsglobal.org/xsd/imsqti_v2p1",
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        "imsqti_item_xmlv2p1",
        "QTIv2.1 Package",
        "1.0.0",
    ),
    "qti30": Version(
        "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
        "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
        "imsqti_item_xmlv3p0",
        "QTI Package",
        "3.0.0",
    ),
}


def read_tree(data: bytes) -> Any:
    """The root, without namespaces, in the words of QTI 2.1. Raises FileUnreadable."""
    root = parse_xml(data)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        element.tag = _camel(name.removeprefix("qti-")) if name.startswith("qti-") else name
        for key in list(element.attrib):
            value = element.attrib.pop(key)
            element.set(_camel(etree.QName(key).localname), value)
    etree.cleanup_namespaces(root)
    return root


def write_tree(root: Any, form: str) -> bytes:
    """The file of an element built by `make`."""
    if form == "qti30":
        for element in root.iter():
            if element.tag in _HTML:
                continue
            element.tag = f"qti-{_kebab(element.tag)}"
            for key in list(element.attrib):
                value = element.attrib.pop(key)
                element.set(_kebab(key), value)
    root.set("xmlns", VERSIONS[form].items)  # nothing is looked up any more: it is only written
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return data


def make(tag: str, *children: Any, **attributes: str) -> Any:
    """An element; children are elements or texts."""
    made = etree.Element(
        tag, {name.rstrip("_"): clean(value) for name, value in attributes.items()}
    )
    for child in children:
        if not isinstance(child, str):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + clean(child)
        else:
            made.text = (made.text or "") + clean(child)
    return made


def clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold (2.2)."""
    return _NO_XML.sub("", text)


def make_html(text: str) -> list[Any]:
    """Markdown as elements. Raises NotTaken for pictures and files: none goes with it."""
    root = etree.fromstring(f"<div>{_MARKDOWN.render(clean(text))}</div>")
    if root.find(".//img") is not None or "](file:" in text:
        raise NotTaken("it has pictures or files, which are not written")
    return list(root)


def read_text(element: Any) -> str:
    """The content of an element as Markdown; "" for None."""
    if element is None:
        return ""
    return to_markdown(etree.tostring(element, encoding="unicode", with_tail=False))


def take_out(element: Any, instead: str = "") -> None:
    """Remove an element from its parent, but not the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    text = instead + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)


def _camel(name: str) -> str:
    return re.sub(r"-(\w)", lambda found: found[1].upper(), name)


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)
