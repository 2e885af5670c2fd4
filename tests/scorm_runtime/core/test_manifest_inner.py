"""Manifests in the manifest, metadata beside it, and ADL's own manifests as a whole. PAIN-24"""

import re
from pathlib import Path

import pytest

from scorm_runtime.core.findings import Level
from tests.scorm_runtime.core.test_manifest_troubles import finding, read
from tests.scorm_runtime.hostile.contents import HEAD, manifest

ADL = Path(__file__).parents[4] / "shared" / "cts" / "manifests"
FOURTH = "2004 4th Edition"
GOOD = "<schemaversion>1.2</schemaversion>"

# ── manifests in the manifest ────────────────────────────────────────────────────────────────

INNER = """
<manifest identifier="inner" xml:base="inner/"><organizations default="in"><organization
 identifier="in"><title>Inner</title><item identifier="a" identifierref="r0"><title>A</title></item>
 <item identifier="b" identifierref="own"><title>B</title></item></organization></organizations>
 <resources><resource identifier="r0" scormtype="sco" href="a.html"/><resource identifier="own"
 scormtype="sco" href="b.html"><dependency identifierref="r0"/></resource></resources></manifest>
"""
FILES = ("index.html", "inner/a.html", "inner/b.html")


def outer(reference: str, inner: str = INNER) -> str:
    chapter = f'<item identifier="c" identifierref="{reference}"><title>Chapter</title></item>'
    document = manifest().replace("</item>", f"</item>{chapter}")
    return document.replace("</manifest>", f"{inner}</manifest>")


def test_a_manifest_inside_the_manifest_becomes_the_parts_of_the_item_that_names_it():
    reading = read(outer("inner"), FILES)

    assert [sco.path for sco in reading.manifest.scos] == list(FILES)
    chapter = reading.manifest.organization.items[1]
    assert (chapter.title, [item.identifier for item in chapter.items]) == ("Chapter", ["a", "b"])
    assert finding(reading, "submanifests").level == Level.NOTE
    assert [one.code for one in reading.findings] == ["submanifests"]


def test_a_manifest_inside_that_nobody_names_is_told():
    reading = read(outer("r0"), FILES)
    assert finding(reading, "submanifest_unused").level == Level.WARNING
    assert {sco.path for sco in reading.manifest.scos} == {"index.html"}


def test_a_manifest_inside_that_two_items_name_is_listed_once():
    document = outer("inner").replace(
        "</organization>", '<item identifier="d" identifierref="inner"/></organization>', 1
    )
    reading = read(document, FILES)
    assert finding(reading, "submanifest_twice").meaning
    assert len(reading.manifest.scos) == 3


def test_manifests_that_contain_each_other_come_to_an_end():
    looping = INNER.replace('identifierref="own"', 'identifierref="inner"')
    reading = read(outer("inner", looping), FILES)
    assert [sco.path for sco in reading.manifest.scos] == ["index.html", "inner/a.html"]


# ── metadata ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "code"),
    [(None, "metadata_missing"), (b"<lom><gen", "metadata_unreadable")],
)
def test_metadata_that_cannot_be_had_are_noted_and_passed_over(file: bytes | None, code: str):
    document = manifest().replace(GOOD, f"{GOOD}<adlcp:location>meta.xml</adlcp:location>")
    files = ("index.html",) if file is None else ("index.html", "meta.xml")
    reading = read(document, files, read_file=lambda path: file or b"")
    assert finding(reading, code).level == Level.NOTE


def test_a_metadata_file_is_looked_for_below_the_base_too():
    lom = b"<lom><general><description><string>About</string></description></general></lom>"
    head = HEAD.replace(" identifier", ' xml:base="a/" identifier')
    document = manifest(head=head).replace(GOOD, f"{GOOD}<location>meta.xml</location>")
    reading = read(document, ("a/index.html", "a/meta.xml"), read_file=lambda path: lom)
    assert reading.manifest.description == "About"


# ── ADL's own ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not ADL.is_dir(), reason="ADL's test cases do not lie beside the checkout")
def test_every_manifest_of_adls_test_cases_is_read_without_a_repair():
    """The official 4th Edition packages: nothing to repair, nothing lost."""
    manifests = sorted(ADL.glob("*/imsmanifest.xml"))
    assert len(manifests) > 50
    for path in manifests:
        text = path.read_text()
        hrefs = re.findall(r'href\s*=\s*"([^"]+)"', text)
        bases = ["", *re.findall(r'xml:base\s*=\s*"([^"]+)"', text)]
        reading = read(path.read_bytes(), tuple(base + href for base in bases for href in hrefs))

        assert reading.manifest.schema_version == FOURTH, path
        leaves = len(re.findall(r"<item\b[^>]*identifierref", text))
        assert len(reading.manifest.scos) == leaves, path
        serious = {
            one.code for one in reading.findings if one.level in (Level.ERROR, Level.REPAIRED)
        }
        assert serious == set(), path
        warned = {one.code for one in reading.findings if one.level == Level.WARNING}
        assert warned <= {"no_sco"}, path
