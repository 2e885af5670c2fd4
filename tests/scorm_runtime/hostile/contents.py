"""Packages whose content is the fault: the zip file is good, the manifest is not."""

from collections.abc import Iterator

from tests.scorm_runtime.hostile.zipbytes import Part

Fault = tuple[str, list[Part], str]

HEAD = '<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" identifier="m">'
SCHEMA = "<metadata><schema>ADL SCORM</schema><schemaversion>{}</schemaversion></metadata>"
ITEM = '<item identifier="i{0}" identifierref="r{0}"><title>T</title></item>'
RESOURCE = '<resource identifier="r{0}" type="webcontent" scormtype="sco" href="{1}"/>'


def manifest(
    href: str = "index.html", version: str = "1.2", head: str = HEAD, count: int = 1
) -> str:
    """A small manifest of `count` SCOs that all start at `href`."""
    items = "".join(ITEM.format(n) for n in range(count))
    resources = "".join(RESOURCE.format(n, href) for n in range(count))
    return (
        f"{head}{SCHEMA.format(version)}<organizations default='o'><organization identifier='o'>"
        f"<title>T</title>{items}</organization></organizations>"
        f"<resources>{resources}</resources></manifest>"
    )


MANIFEST = manifest().encode()
PAGE = Part(b"index.html", b"<!doctype html>")

DOCTYPES = {
    "entity": '<!DOCTYPE m [<!ENTITY a "b">]>',
    "billion laughs": '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
    "file": '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "network": '<!DOCTYPE m SYSTEM "http://192.0.2.1/evil.dtd">',
    "parameter entity": '<!DOCTYPE m [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]>',
    "public": '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://192.0.2.1/x.dtd">',
    "bare": "<!DOCTYPE manifest>",
    "after a comment": "<!-- <manifest> --><!DOCTYPE m [<!ENTITY a 'b'>]>",
    "after a processing instruction": "<?x <manifest ?>\n\n<!DOCTYPE m [<!ENTITY a 'b'>]>",
    "attribute default": "<!DOCTYPE manifest [<!ATTLIST manifest identifier CDATA 'evil'>]>",
}


def faults() -> Iterator[Fault]:
    for label, data, code in [*_doctypes(), *_xml(), *_launches()]:
        yield label, [Part(b"imsmanifest.xml", data), PAGE], code
    yield from _other_packages()


def _doctypes() -> Iterator[tuple[str, bytes, str]]:
    for label, doctype in DOCTYPES.items():
        document = doctype + manifest()
        yield f"doctype: {label}", document.encode(), "xml_doctype"
        yield f"doctype in UTF-16: {label}", document.encode("utf-16"), "xml_doctype"
    document = '<?xml version="1.0" encoding="utf-16"?>' + DOCTYPES["file"] + manifest()
    yield "doctype in UTF-16 without mark", document.encode("utf-16-be"), "xml_doctype"
    yield "doctype after a mark", "\ufeff\n".encode() + DOCTYPES["file"].encode(), "xml_doctype"


def _xml() -> Iterator[tuple[str, bytes, str]]:
    whole = manifest().encode()
    for part in (0.2, 0.5, 0.9):
        yield f"XML cut at {part}", whole[: int(len(whole) * part)], "xml_not_well_formed"
    yield "XML empty", b"", "xml_not_well_formed"
    yield "XML is text", b"hello", "xml_not_well_formed"
    yield "XML is binary", bytes(range(256)) * 4, "xml_not_well_formed"
    yield "never closed", whole.replace(b"</manifest>", b"</item>"), "xml_not_well_formed"
    yield "encoding unknown", b'<?xml version="1.0" encoding="x-evil"?>' + whole, "xml_encoding"
    yield "encoding punycode", b'<?xml version="1.0" encoding="punycode"?>' + whole, "xml_encoding"
    yield "nested 150", f"{HEAD}{'<a>' * 150}{'</a>' * 150}</manifest>".encode(), "xml_too_deep"
    yield "nested 50,000", f"{HEAD}{'<a>' * 50_000}".encode(), "xml_too_deep"
    items = "<item>" * 120 + "</item>" * 120
    yield (
        "items nested 120",
        manifest().replace("</item>", items + "</item>").encode(),
        ("xml_too_deep"),
    )
    yield "6,000 elements", f"{HEAD}{'<a/>' * 6_000}</manifest>".encode(), "xml_too_many_elements"
    yield "large", f"{HEAD}{'<!-- spam -->' * 30_000}</manifest>".encode(), "xml_too_large"
    yield "a web page", b"<html><head/><body/></html>", "not_a_manifest"


def _launches() -> Iterator[tuple[str, bytes, str]]:
    for href in ("../index.html", "../../etc/passwd", "a/../../x.html", "..\\x.html", "%2e%2e/x"):
        yield f"starts at {href}", manifest(href).encode(), "launch_outside"
    for href in (
        "http://192.0.2.1/x.html",
        "https://example.test/",
        "//192.0.2.1/x.html",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "JAVASCRIPT:alert(1)",
        "\\\\192.0.2.1\\x",
    ):
        yield f"starts at {href}", manifest(href).encode(), "launch_elsewhere"
    for href in ("missing.html", "index.html/x", "%00", "index.htm", "./", "%ff"):
        yield f"starts at {href}", manifest(href).encode(), "launch_file_missing"
    base = HEAD.replace(" identifier", ' xml:base="../../" identifier')
    yield "base leads out", manifest(head=base).encode(), "launch_outside"
    base = HEAD.replace(" identifier", ' xml:base="http://192.0.2.1/" identifier')
    yield "base elsewhere", manifest(head=base).encode(), "launch_elsewhere"
    yield "resource base leads out", based("resource "), "launch_outside"
    yield "resources base leads out", based("resources>"), "launch_outside"
    yield "sub-manifests in a circle", circle(), "nothing_to_launch"
    yield "200 items", manifest(count=200).encode(), "items_too_many"
    yield (
        "nothing to start",
        f"{HEAD}{SCHEMA.format('1.2')}</manifest>".encode(),
        ("nothing_to_launch"),
    )
    yield (
        "items without target",
        manifest().replace("<resource ", "<nothing ").encode(),
        ("nothing_to_launch"),
    )
    yield "SCORM 1.1", manifest(version="1.1").encode(), "scorm_1_1"
    yield "some other standard", manifest(version="7").encode(), "standard_unknown"
    cartridge = manifest(version="1.1.0").replace("ADL SCORM", "IMS Common Cartridge")
    yield "Common Cartridge", cartridge.encode(), "common_cartridge"


def based(name: str) -> bytes:
    """A manifest whose element beginning with `name` has an xml:base that leads out of it."""
    base = f'<{name[:-1]} xml:base="a/../../etc/"{name[-1]}'
    return manifest().replace(f"<{name}", base, 1).encode()


def circle() -> bytes:
    """Two manifests that are each other's only content."""
    inner = (
        '<manifest identifier="{0}"><organizations><organization identifier="o{0}">'
        '<item identifier="i{0}" identifierref="{1}"/></organization></organizations></manifest>'
    )
    start = inner.format("a", "b").removesuffix("</manifest>")
    start = start.replace("<manifest", HEAD.replace(' identifier="m">', ""), 1)
    return f"{start}{inner.format('b', 'c')}{inner.format('c', 'b')}</manifest>".encode()


def _other_packages() -> Iterator[Fault]:
    yield "empty zip", [], "manifest_missing"
    yield "web export", [PAGE], "manifest_missing"
    yield (
        "manifest as a folder",
        [Part(b"imsmanifest.xml/", b"", mode=0o040755)],
        "manifest_missing",
    )
    yield "manifest among the junk", [Part(b"__MACOSX/imsmanifest.xml"), PAGE], "manifest_missing"
    yield "cmi5", [Part(b"cmi5.xml", b"<courseStructure/>"), PAGE], "cmi5_later"
    yield "cmi5 in a folder", [Part(b"c/cmi5.xml", b"<courseStructure/>"), PAGE], "cmi5_later"
    yield "Tin Can", [Part(b"tincan.xml", b"<tincan/>"), PAGE], "tincan_package"
    yield "AICC", [Part(b"a.au"), Part(b"a.crs"), Part(b"a.des"), Part(b"a.cst")], "aicc_package"
    yield "zip in zip", [Part(b"course.zip", b"PK")], "zip_inside_zip"
    pair = [Part(b"one/imsmanifest.xml", MANIFEST), Part(b"two/imsmanifest.xml", MANIFEST)]
    yield "two packages", pair, "manifests_several"
    nested = [Part(b"course/imsmanifest.xml", MANIFEST), PAGE]
    yield "start page outside the folder", nested, "launch_file_missing"
    escape = [Part(b"course/imsmanifest.xml", manifest("../index.html").encode()), PAGE]
    yield "start page above the folder", escape, "launch_outside"
