"""XML of strangers: no document type, no entities, no network, bounded in size and depth.

The bytes become text here, not in the parser, because real manifests lie about their encoding;
what was put right on the way is a finding.
"""

import codecs
import html
import re

from lxml import etree

from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.errors import (
    XmlDoctype,
    XmlEncoding,
    XmlNotWellFormed,
    XmlTooDeep,
    XmlTooLarge,
    XmlTooManyElements,
)
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.refusal import printable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = re.compile(
    r"utf-?(8|16|32)([-_]?[lb]e)?|us-ascii|ascii|iso[-_]8859[-_]\d+|latin-?1|windows-125\d|cp125\d"
    r"|shift[-_]jis|euc[-_](jp|kr)|gb2312|gbk|gb18030|big5|koi8-[ru]|macintosh",
    re.I,
)
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,500}?\?>")
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]{1,40})["']""")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?!#)(\w{1,40};)?")
_TOLERATED = {
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


def parse_xml(
    data: bytes, name: str, limits: ManifestLimits
) -> tuple[etree._Element, list[Finding]]:
    """The outermost element, and what had to be put right; raises a ManifestRefused.

    `name` is the file's name, for messages.
    """
    if len(data) > limits.max_bytes:
        raise XmlTooLarge(name, f"{len(data):,} bytes, at most {limits.max_bytes:,}")
    text, findings = _decode(data, name)
    if _has_doctype(text):
        raise XmlDoctype(name)
    root = _parse(text, name, findings)
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlDoctype(name)
    _check_shape(root, name, limits)
    return root, findings


def _decode(data: bytes, name: str) -> tuple[str, list[Finding]]:
    findings: list[Finding] = []
    encoding, data = _encoding(data, name)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("utf-8" if _is_utf8(data) else "windows-1252", "replace")
        message = f"{name} is not in the encoding it states ({encoding})."
        findings.append(
            Finding(Level.REPAIRED, "xml_encoding_wrong", message, "Some letters may look wrong.")
        )
    cleaned = _FORBIDDEN.sub("", text)
    if cleaned != text:
        message = f"{name} contains characters that XML does not allow; they were removed."
        findings.append(Finding(Level.REPAIRED, "xml_characters", message))
    start = cleaned.find("<")
    if cleaned[: max(start, 0)].strip():
        message = f"{name} has text before its first element; it was removed."
        findings.append(Finding(Level.REPAIRED, "xml_leading_text", message))
    lines = "\n" * cleaned.count("\n", 0, max(start, 0))
    document = cleaned[max(start, 0) :]
    declaration = _DECLARATION.match(document)
    # Every line keeps its number.
    return lines + document[declaration.end() if declaration else 0 :], findings


def _encoding(data: bytes, name: str) -> tuple[str, bytes]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    if data[:4] in (b"<\x00?\x00", b"<\x00m\x00"):
        return "utf-16-le", data
    if data[:4] in (b"\x00<\x00?", b"\x00<\x00m"):
        return "utf-16-be", data
    declared = _DECLARED.search(data[:1000])
    encoding = declared.group(1).decode("ascii", "replace").strip() if declared else "utf-8"
    if not _ENCODINGS.fullmatch(encoding):
        raise XmlEncoding(name, printable(encoding))
    # Bytes in which the ASCII declaration could be read are no UTF-16, whatever it says.
    return ("utf-8" if encoding.lower().startswith(("utf-16", "utf-32")) else encoding), data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


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
    escaped = _escape_ampersands(text)
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(escaped.encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    faults = [entry for entry in parser.error_log if entry.type not in _TOLERATED]
    if root is None or faults:
        raise _refusal(first, name)
    message = f"{name} is not quite well-formed: {printable(first.msg or '')}"
    findings.append(Finding(Level.REPAIRED, "xml_repaired", message, line=first.lineno))
    return root


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
