"""XML of strangers: no document type, no entities, no network, bounded in size and depth.

A manifest that is not well-formed is read all the same where the parser can tell how it was
meant; what was put right on the way is a finding.
"""

import html
import re

from lxml import etree

from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.decode import decode_xml
from scorm_runtime.core.manifest.errors import (
    XmlDoctype,
    XmlNotWellFormed,
    XmlTooDeep,
    XmlTooLarge,
    XmlTooManyElements,
)
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.namespaces import bind_known_prefixes
from scorm_runtime.core.refusal import printable

_AMPERSAND = re.compile(r"&(?!#)(\w{1,40};)?")
_HARMLESS = {
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE,
    etree.ErrorTypes.NS_ERR_XML_NAMESPACE,
    etree.ErrorTypes.NS_ERR_QNAME,
    etree.ErrorTypes.NS_ERR_ATTRIBUTE_REDEFINED,
    etree.ErrorTypes.NS_ERR_EMPTY,
    etree.ErrorTypes.NS_ERR_COLON,
    etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED,
    etree.ErrorTypes.WAR_NS_URI,
    etree.ErrorTypes.WAR_NS_URI_RELATIVE,
    etree.ErrorTypes.ERR_INTERNAL_ERROR,
}
"""Faults after which the tree is still what the author meant."""
_GUESSED = {
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH,
    etree.ErrorTypes.ERR_ATTRIBUTE_NOT_STARTED,
    etree.ErrorTypes.ERR_ATTRIBUTE_NOT_FINISHED,
    etree.ErrorTypes.ERR_ATTRIBUTE_WITHOUT_VALUE,
    etree.ErrorTypes.ERR_LT_IN_ATTRIBUTE,
    etree.ErrorTypes.ERR_SPACE_REQUIRED,
    etree.ErrorTypes.ERR_GT_REQUIRED,
    etree.ErrorTypes.ERR_NAME_REQUIRED,
    etree.ErrorTypes.ERR_EQUAL_REQUIRED,
    etree.ErrorTypes.ERR_HYPHEN_IN_COMMENT,
    etree.ErrorTypes.ERR_MISPLACED_CDATA_END,
    etree.ErrorTypes.ERR_INVALID_CHAR,
    etree.ErrorTypes.ERR_INVALID_CHARREF,
    etree.ErrorTypes.ERR_RESERVED_XML_NAME,
    etree.ErrorTypes.ERR_DOCUMENT_END,
}
"""Faults after which the tree is a good guess."""


def parse_xml(
    data: bytes, name: str, limits: ManifestLimits
) -> tuple[etree._Element, list[Finding]]:
    """The outermost element, and what had to be put right; raises a ManifestRefused.

    `name` is the file's name, for messages.
    """
    if len(data) > limits.max_bytes:
        raise XmlTooLarge(name, f"{len(data):,} bytes, at most {limits.max_bytes:,}")
    text, findings = decode_xml(data, name)
    if _has_doctype(text):
        raise XmlDoctype(name)
    root = _parse(text, name, findings)
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlDoctype(name)
    _check_shape(root, name, limits)
    return bind_known_prefixes(root), findings


def _has_doctype(text: str) -> bool:
    """Whether a declaration stands before the first element; comments are passed over."""
    position = 0
    while True:
        position = text.find("<", position)
        if position < 0:
            return False
        if text.startswith("<!--", position):
            end = text.find("-->", position)
        elif text.startswith("<?", position):
            end = text.find("?>", position)
        else:
            return text.startswith("<!", position)
        if end < 0:
            return False
        position = end


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _parse(text: str, name: str, findings: list[Finding]) -> etree._Element:
    try:
        return etree.fromstring(text.encode(), _parser(recover=False))
    except etree.XMLSyntaxError as error:
        first = error
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(_escape_ampersands(text).encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    faults = [entry for entry in parser.error_log if entry.type not in _HARMLESS]
    is_lost = any(entry.type not in _GUESSED for entry in faults)
    if root is None or is_lost or not _is_whole(text, root):
        raise _refusal(first, name)
    findings.append(_describe_repair(name, first, faults))
    return root


def _is_whole(text: str, root: etree._Element) -> bool:
    """Whether the outermost element is closed: a file that was cut off is not guessed at."""
    name = re.escape(str(root.tag).rsplit("}", 1)[-1])
    return bool(re.search(rf"</([\w.-]+:)?{name}\s*>", text))


def _describe_repair(
    name: str, first: etree.XMLSyntaxError, faults: list["etree._LogEntry"]
) -> Finding:
    if not faults:
        message = f"{name} is not quite well-formed: {printable(first.msg or '')}"
        done = "It was read as it was meant."
        return Finding(Level.REPAIRED, "xml_repaired", message, done=done, line=first.lineno)
    where = "; ".join(f"line {fault.line}: {printable(fault.message)}" for fault in faults[:5])
    return Finding(
        Level.WARNING,
        "xml_recovered",
        f"{name} is not well-formed XML: {where}{' …' if len(faults) > 5 else ''}",
        "Parts of the course may be missing or in another place: look at its contents below.",
        "It was read as it was probably meant.",
        line=faults[0].line,
    )


def _escape_ampersands(text: str) -> str:
    """Write & as &amp; where it begins no reference that XML knows; CDATA stays as it is."""
    first, *others = text.split("<![CDATA[")
    done = [_AMPERSAND.sub(_escape, first)]
    for other in others:
        data, end, rest = other.partition("]]>")
        done += ["<![CDATA[", data, end, _AMPERSAND.sub(_escape, rest)]
    return "".join(done)


def _escape(match: re.Match[str]) -> str:
    found = match.group(0)
    if found in ("&amp;", "&lt;", "&gt;", "&quot;", "&apos;"):
        return found
    # &nbsp; and its kin are HTML's; a bare & is meant as one.
    return html.escape(html.unescape(found))


def _refusal(error: etree.XMLSyntaxError, name: str) -> Exception:
    if "depth" in (error.msg or "").lower():
        return XmlTooDeep(name)
    return XmlNotWellFormed(name, f"line {error.lineno}: {printable(error.msg or '')}")


def _check_shape(root: etree._Element, name: str, limits: ManifestLimits) -> None:
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > limits.max_depth:
            raise XmlTooDeep(name, f"at most {limits.max_depth} levels")
        if count > limits.max_elements:
            raise XmlTooManyElements(name, f"at most {limits.max_elements:,}")
