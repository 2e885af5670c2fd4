"""One test per trouble that real manifests make: read, and told before learners meet it. PAIN-24"""

import pytest

from scorm_runtime.core.findings import Level
from scorm_runtime.core.manifest.errors import TooManyItems, XmlDoctype, XmlNotWellFormed
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.model import Standard
from scorm_runtime.core.manifest.read import Reading, read_manifest
from tests.scorm_runtime.hostile.contents import HEAD, manifest

FOURTH = "2004 4th Edition"


def read(document: str | bytes, files: tuple[str, ...] = ("index.html",), **others) -> Reading:
    data = document.encode() if isinstance(document, str) else document
    return read_manifest(data, files, title="zip", limits=ManifestLimits(), **others)


def finding(reading: Reading, code: str):
    (found,) = [one for one in reading.findings if one.code == code]
    return found


def with_resource(attributes: str, head: str = HEAD) -> str:
    """A manifest of one SCO whose resource has these attributes."""
    first, rest = manifest(head=head).split("<resource ")
    return f'{first}<resource identifier="r0" {attributes}/>{rest.split("/>", 1)[1]}'


# ── what it is ───────────────────────────────────────────────────────────────────────────────


def test_a_plain_ims_package_plays_as_pages_that_report_nothing():
    plain = manifest(version="1.1.3").replace("ADL SCORM", "IMS Content")
    reading = read(plain.replace(' scormtype="sco"', ""))

    assert [sco.scorm_type for sco in reading.manifest.scos] == ["asset"]
    assert reading.manifest.schema_version.startswith("IMS CP")
    assert [one.code for one in reading.findings] == ["ims_cp"]
    assert finding(reading, "ims_cp").level == Level.NOTE


def test_a_manifest_without_any_namespace_is_read():
    bare = manifest(version=FOURTH).replace(HEAD, '<manifest identifier="m">')
    assert read(bare).manifest.standard == Standard.SCORM_2004


def test_several_scos_of_2004_are_taken_in_with_their_sequencing():
    controls = "<sequencing><controlMode choice='false' flow=' true '/></sequencing></organization>"
    document = manifest(version=FOURTH, count=3).replace("</organization>", controls)
    stored = read(document).manifest.as_json()

    assert len(stored["scos"]) == 3
    assert stored["organization"]["sequencing"]["control_mode"]["choice"] is False
    assert stored["organization"]["sequencing"]["control_mode"]["flow"] is True
    assert {item["sequencing"]["control_mode"]["choice"] for item in stored["items"]} == {True}


def test_1_2_has_no_sequencing():
    assert read(manifest()).manifest.as_json()["items"][0]["sequencing"] is None


def test_sequencing_out_of_the_collection_is_found_with_undeclared_prefixes():
    """CAM 4th Ed. 5.1.1; an undeclared prefix is what hand-made manifests have."""
    document = manifest(version=FOURTH).replace(
        "</title></item>", '</title><imsss:sequencing IDRef=" one "/></item>'
    )
    collection = (
        '<imsss:sequencingCollection><imsss:sequencing ID="one"><imsss:deliveryControls '
        'tracked="false"/></imsss:sequencing></imsss:sequencingCollection></manifest>'
    )
    reading = read(document.replace("</manifest>", collection))

    item = reading.manifest.as_json()["items"][0]
    assert item["sequencing"]["delivery_controls"]["tracked"] is False
    assert finding(reading, "xml_repaired").level == Level.REPAIRED


# ── encodings and XML ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("declared", "real", "title"),
    [
        ("", "windows-1252", "Grüße – “quoted”"),
        ("windows-1252", "windows-1252", "Grüße – “quoted”"),
        ("iso-8859-1", "windows-1252", "Grüße – “quoted”"),
        ("ISO-8859-1", "utf-8", "Grüße – “quoted”"),
        ("utf-16", "utf-16-be", "Grüße"),
        ("UTF-8", "utf-16", "Grüße"),
        ("windows-1251", "windows-1251", "Привет"),
        ("Shift_JIS", "shift_jis", "こんにちは"),
    ],
)
def test_odd_encodings_are_read_as_they_are(declared: str, real: str, title: str):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    document = declaration + manifest().replace(">T<", f">{title}<")

    reading = read(document.encode(real))
    assert reading.manifest.title == title
    for one in reading.findings:
        assert (one.code, one.level) == ("xml_encoding_wrong", Level.REPAIRED)
        assert one.done


def test_tags_that_cross_are_guessed_at_and_the_guess_is_a_warning_with_its_lines():
    document = manifest(count=2).replace("</title></item>", "</item></title>\n")
    reading = read(document)

    recovered = finding(reading, "xml_recovered")
    assert recovered.level == Level.WARNING
    assert "line 1" in recovered.message
    assert recovered.meaning
    assert reading.manifest.scos


def test_what_follows_the_manifest_is_passed_over_with_a_warning():
    assert finding(read(manifest() + "<more/>"), "xml_recovered").done


def test_an_attribute_without_quotes_is_understood_or_refused_by_its_line():
    with pytest.raises(XmlNotWellFormed, match="line 2"):
        read("\n" + manifest().replace("default='o'", "default=o").replace("</manifest>", ""))


def test_a_file_that_was_cut_off_is_not_guessed_at():
    with pytest.raises(XmlNotWellFormed):
        read(manifest(count=9)[:-40])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_billion_laughs_in_another_encoding_are_not_laughed(encoding: str):
    laughs = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
    with pytest.raises(XmlDoctype):
        read((laughs + manifest().replace(">T<", ">&c;<")).encode(encoding))


def test_a_hundred_thousand_items_are_refused_by_their_number():
    items = "<item/>" * 100_000
    with pytest.raises(TooManyItems, match="10,000"):
        read(manifest().replace("</item>", items + "</item>"))


# ── white space, parameters, bases (ST-19) ───────────────────────────────────────────────────


def test_white_space_around_references_and_switches_means_nothing():
    """ST-19: ID, IDREF, anyURI and boolean attributes."""
    document = (
        manifest(count=2).replace('"r0"', '"\n r0 "').replace('"index.html"', '" index.html\t"')
    )
    document = document.replace("default='o'", "default='  o '")
    document = document.replace('identifierref="r1"', 'identifierref=" r1 " isvisible=" false "')
    reading = read(document)

    assert [sco.is_visible for sco in reading.manifest.scos] == [True, False]
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("parameters", "launch"),
    [
        ("?a=1", "index.html?x=y&a=1#top"),
        ("&amp;a=1", "index.html?x=y&a=1#top"),
        ("a=1", "index.html?x=y&a=1#top"),
        ("#part", "index.html?x=y#top"),
        ("?a=1#part", "index.html?x=y&a=1#part"),
        ("", "index.html?x=y#top"),
    ],
)
def test_parameters_are_joined_to_the_address_as_the_standard_says(parameters: str, launch: str):
    """ST-19; CAM 2004 4th Ed. 3.4.1.7"""
    document = manifest("index.html?x=y#top")
    document = document.replace("<item ", f'<item parameters="{parameters}" ', 1)
    assert read(document).manifest.scos[0].launch == launch


def test_a_fragment_in_the_parameters_leads_into_a_page_that_has_none():
    document = manifest().replace("<item ", '<item parameters="#part" ', 1)
    assert read(document).manifest.scos[0].launch == "index.html#part"


def test_bases_of_manifest_resources_and_resource_are_joined():
    """ST-19"""
    head = HEAD.replace(" identifier", ' xml:base="a/" identifier')
    document = with_resource('xml:base=" c " scormtype="sco" href="x.html"', head)
    document = document.replace("<resources", '<resources xml:base="b/"')
    assert read(document, ("a/b/c/x.html",)).manifest.scos[0].path == "a/b/c/x.html"


def test_backslashes_and_capitals_in_an_address_find_the_file():
    reading = read(with_resource('scormtype="SCO" href="Pages\\Start.HTM"'), ("pages/start.htm",))
    assert reading.manifest.scos[0].path == "pages/start.htm"
    spelling = finding(reading, "href_spelling")
    assert spelling.level == Level.REPAIRED
    assert spelling.element == "item i0"
    assert spelling.line == 1


# ── organizations ────────────────────────────────────────────────────────────────────────────


def test_an_empty_default_organization_gives_way_to_the_one_with_items():
    document = manifest().replace(
        "<organization identifier='o'>",
        "<organization identifier='o'><title>Empty</title></organization>"
        "<organization identifier='p'>",
    )
    reading = read(document)
    assert reading.manifest.organization.identifier == "p"
    assert finding(reading, "organization_empty").done


def test_without_a_default_the_first_of_several_organizations_counts():
    document = (
        manifest()
        .replace("default='o'", "")
        .replace("</organization>", "</organization><organization identifier='p'/>", 1)
    )
    reading = read(document)
    assert reading.manifest.organization.identifier == "o"
    assert finding(reading, "organizations_several").level == Level.NOTE


def test_an_item_that_offers_nothing_is_left_out_of_the_tree():
    document = manifest().replace("</item>", "</item><item identifier='e'><title>E</title></item>")
    reading = read(document)
    assert [item.identifier for item in reading.manifest.organization.items] == ["i0"]
    assert finding(reading, "item_empty").done


def test_in_2004_an_item_with_parts_has_no_page_of_its_own():
    """CAM 4th Ed. 3.4.1.4: only a leaf refers to a resource."""
    inner = '<item identifier="in" identifierref="r0"><title>In</title></item></item>'
    document = manifest(version=FOURTH).replace("</item>", inner)
    reading = read(document)
    assert [sco.identifier for sco in reading.manifest.scos] == ["in"]
    assert finding(reading, "cluster_with_resource").level == Level.WARNING


def test_two_resources_of_one_name_are_told_with_what_learners_will_see():
    document = manifest().replace("</resources>", '<resource identifier="r0"/></resources>')
    assert finding(read(document), "resource_identifier").meaning


def test_a_dependency_that_leads_nowhere_is_told_with_its_line():
    document = manifest().replace(
        "/></resources>", "><dependency identifierref='x'/></resource></resources>"
    )
    assert finding(read(document), "dependency_missing").line == 1
