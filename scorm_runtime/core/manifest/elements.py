"""Reading lxml elements by their local names, tolerant of prefixes, case and white space."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def local_name(tag: object) -> str:
    """The name without namespace or (undeclared) prefix, in small letters."""
    if not isinstance(tag, str):
        return ""
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower()


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Direct children called `name`, in any namespace."""
    return (child for child in element if local_name(child.tag) == name)


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """Follow `names` downwards, the first match at each step."""
    found: etree._Element | None = element
    for name in names:
        if found is None:
            return None
        found = next(children(found, name), None)
    return found


def attribute(element: etree._Element, name: str) -> str:
    """The attribute called `name` in any namespace, white space collapsed (ST-19); or empty."""
    for key, value in element.attrib.items():
        if local_name(key) == name:
            return collapse(str(value))
    return ""


def text(element: etree._Element | None) -> str:
    """All text of the element, white space collapsed; empty for None."""
    return "" if element is None else collapse("".join(str(part) for part in element.itertext()))


def child_text(element: etree._Element, *names: str) -> str:
    """Text of the descendant that `names` lead to; or empty."""
    return text(child(element, *names))


def collapse(value: str) -> str:
    """White space as an xs:token has it: one space within, none around."""
    return " ".join(value.split())


def line_of(element: etree._Element) -> int | None:
    """The element's line from 1."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def with_base(element: etree._Element, base: str) -> str:
    """`base` extended by the element's own xml:base."""
    own = str(element.get(XML_BASE, "")).strip().replace("\\", "/")
    if not own:
        return base
    if not own.endswith("/") and "." not in own.rsplit("/", 1)[-1]:
        own += "/"  # a folder is meant; by the letter its last name would be dropped
    return join(base, own)


def base_of(element: etree._Element) -> str:
    """All xml:base from the outermost element down to this one, joined (ST-19)."""
    base = ""
    for each in (*reversed(list(element.iterancestors())), element):
        base = with_base(each, base)
    return base


def join(base: str, href: str) -> str:
    """`href` relative to `base`; ".." is kept, so that what leads out can be told."""
    if not base or _SCHEME.match(href):
        return href
    if not _SCHEME.match(base):
        return href if href.startswith("/") else base[: base.rfind("/") + 1] + href
    try:
        return urljoin(base, href)
    except ValueError:
        return base
