"""The demo packages, from their sources to importable zips."""

import io
import zipfile

import pytest

from content.samples.build import KEYS, build_sample, build_zip
from tests.scorm_runtime.services.importing import Workshop


@pytest.mark.parametrize("key", KEYS)
def test_a_sample_is_imported_without_a_word_of_complaint(key: str, tenant, tmp_path):
    workshop = Workshop(tenant, tmp_path)

    job = workshop.bring_in(build_sample(key), f"{key}.zip", key=key)

    version = job.package_version
    assert job.error_message == ""
    assert version.package.key == key
    assert version.package.description
    assert version.playable
    assert version.report == []


def test_the_quiz_has_a_mastery_score_of_sixty(tenant, tmp_path):
    job = Workshop(tenant, tmp_path).bring_in(build_sample("demo-quiz"))

    assert [sco["mastery_score"] for sco in job.package_version.manifest["scos"]] == [60]


@pytest.mark.parametrize("key", KEYS)
def test_a_sample_lists_all_its_files_in_the_manifest(key: str):
    with zipfile.ZipFile(io.BytesIO(build_sample(key))) as made:
        listed = made.read("imsmanifest.xml").decode()
        names = set(made.namelist()) - {"imsmanifest.xml"}

    assert {name for name in names if f'<file href="{name}"/>' not in listed} == set()


def test_the_same_sources_make_the_same_bytes():
    files = {"b": b"2", "imsmanifest.xml": b"1", "a": b"3"}

    assert build_zip(files) == build_zip(dict(reversed(files.items())))
    assert build_sample("demo-quiz") == build_sample("demo-quiz")
    with pytest.raises(KeyError):
        build_sample("../demo-quiz")
