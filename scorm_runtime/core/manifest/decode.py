"""From a manifest's bytes to its text: real manifests lie about their encoding.

What was put right on the way is a finding. The answer has no XML declaration any more, and every
line keeps its number.
"""

import codecs
import re

from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.errors import XmlEncoding
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
_ONE_BYTE = re.compile(r"iso[-_]8859[-_]1|latin-?1|us-ascii|ascii|windows-1252|cp1252", re.I)
"""All written as windows-1252 in practice; the names that UTF-8 is mislabelled with."""


def decode_xml(data: bytes, name: str) -> tuple[str, list[Finding]]:
    """The text, and what had to be put right; raises XmlEncoding.

    `name` is the file's name, for messages.
    """
    findings: list[Finding] = []
    encoding, data = _find_encoding(data, name)
    real = _find_real_encoding(data, encoding)
    text = data.decode(real, "replace")
    if real != encoding:
        findings.append(
            Finding(
                Level.REPAIRED,
                "xml_encoding_wrong",
                f"{name} is not in the encoding it states ({encoding}).",
                "Some letters may look wrong.",
                done=f"It was read as {real}.",
            )
        )
    cleaned = _FORBIDDEN.sub("", text)
    if cleaned != text:
        message = f"{name} contains characters that XML does not allow."
        findings.append(
            Finding(Level.REPAIRED, "xml_characters", message, done="They were removed.")
        )
    start = max(cleaned.find("<"), 0)
    if cleaned[:start].strip():
        message = f"{name} has text before its first element."
        findings.append(
            Finding(Level.REPAIRED, "xml_leading_text", message, done="It was removed.")
        )
    lines = "\n" * cleaned.count("\n", 0, start)
    document = cleaned[start:]
    declaration = _DECLARATION.match(document)
    return lines + document[declaration.end() if declaration else 0 :], findings


def _find_real_encoding(data: bytes, encoding: str) -> str:
    """`encoding` where the bytes can be in it, else what they are in all likelihood."""
    if _ONE_BYTE.fullmatch(encoding):
        # Letters of these encodings practically never form valid UTF-8 by chance.
        if not data.isascii() and _fits(data, "utf-8"):
            return "utf-8"
        is_plain = not any(0x80 <= byte <= 0x9F for byte in data)
        return encoding if is_plain and _fits(data, encoding) else "windows-1252"
    if _fits(data, encoding):
        return encoding
    return "utf-8" if _fits(data, "utf-8") else "windows-1252"


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _find_encoding(data: bytes, name: str) -> tuple[str, bytes]:
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
