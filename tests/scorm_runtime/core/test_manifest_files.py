"""Where the manifest lies, and which files its addresses lead to."""

import pytest

from scorm_runtime.core.manifest.errors import ManifestRefused
from scorm_runtime.core.manifest.files import Files, add_parameters
from scorm_runtime.core.manifest.locate import locate_manifest


@pytest.mark.parametrize(
    ("url", "parameters", "launch"),
    [
        ("a.html", "", "a.html"),
        ("a.html", "x=1", "a.html?x=1"),
        ("a.html", "?x=1", "a.html?x=1"),
        ("a.html", "&x=1", "a.html?x=1"),
        ("a.html?y=2", "?x=1", "a.html?y=2&x=1"),
        ("a.html#f", "x=1", "a.html?x=1#f"),
        ("a.html", "#f", "a.html#f"),
        ("a.html#g", "#f", "a.html#g"),
        ("a.html?y=2", "#f", "a.html?y=2#f"),
        ("a.html#g", "?x=1#f", "a.html?x=1#f"),
        ("a.html", "?&x=a b", "a.html?x=a%20b"),
    ],
)
def test_parameters_are_appended_as_the_standard_says(url: str, parameters: str, launch: str):
    """ST-19; CAM 2004 4th Ed. 3.4.1.7"""
    assert add_parameters(url, parameters) == launch


def test_files_are_found_by_encoded_raw_and_odd_spellings():
    files = Files(["a b/ü & x.txt", "100%.html", "ok.html", "c#.html"])

    assert files.resolve("a%20b/%C3%BC%20%26%20x.txt").path == "a b/ü & x.txt"
    assert files.resolve("a b\\ü & x.txt").url == "a%20b/%C3%BC%20%26%20x.txt"
    assert files.resolve("100%.html").path == "100%.html"
    assert files.resolve("100%.html").url == "100%25.html"
    assert files.resolve("c#.html").url == "c%23.html"
    assert files.resolve("/ok.html").path == "ok.html"
    assert files.resolve("ok.html?q#f").url == "ok.html?q#f"
    assert files.resolve("nothing").path == ""


def test_the_nearest_manifest_is_the_packages_own():
    location = locate_manifest(["Course/ImsManifest.xml", "Course/x/imsmanifest.xml", "readme.txt"])

    assert (location.manifest, location.root) == ("Course/ImsManifest.xml", "Course/")
    found = ["root_nested", "files_outside_root", "manifest_name", "manifests_deeper"]
    assert [finding.code for finding in location.findings] == found


def test_a_cmi5_package_that_is_scorm_too_is_played_as_scorm():
    location = locate_manifest(["imsmanifest.xml", "cmi5.xml"])
    assert [finding.code for finding in location.findings] == ["cmi5_too"]


def test_a_refusal_is_for_people():
    with pytest.raises(ManifestRefused) as refused:
        locate_manifest(["cmi5.xml"])

    assert refused.value.code == "cmi5_later"
    assert "cmi5 comes with a later one" in refused.value.message
