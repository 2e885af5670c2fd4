"""What a stranger uploads: refused by name, without a crash, without a byte left behind."""

import io
from collections import Counter

import pytest

from scorm_runtime.core.archive.members import open_archive, read_member
from scorm_runtime.core.manifest.locate import locate_manifest
from scorm_runtime.core.manifest.read import Reading, read_manifest
from scorm_runtime.core.refusal import PackageRefused
from tests.scorm_runtime.hostile.corpus import (
    LIMITS,
    MANIFEST_LIMITS,
    Case,
    cases,
    good_parts,
    mutations,
)
from tests.scorm_runtime.hostile.zipbytes import build

CASES = list(cases())


def take_in(data: bytes) -> Reading:
    """Everything that reading a package does, without storing it."""
    file = io.BytesIO(data)
    archive = open_archive(file, LIMITS)
    location = locate_manifest([member.path for member in archive.members])
    contents = {m.path: b"".join(read_member(file, m)) for m in archive.members}
    inside = {p[len(location.root) :] for p in contents if p.startswith(location.root)}
    return read_manifest(contents[location.manifest], inside, title="test", limits=MANIFEST_LIMITS)


def test_the_package_that_every_case_is_made_from_is_good():
    assert take_in(build(good_parts())).manifest.title == "T"


def test_the_corpus_has_more_than_two_hundred_different_files_and_every_kind_of_refusal():
    assert len({case.data for case in CASES}) >= 200
    assert len({case.name for case in CASES}) == len(CASES)
    known = set(_codes(PackageRefused))
    # Raised by the import itself, where there is a storage and a job.
    known -= {"upload_missing", "import_gave_up"}
    assert known - {case.code for case in CASES} == {
        "package_refused",
        "archive_refused",
        "manifest_refused",
    }


def _codes(base: type[PackageRefused]) -> list[str]:
    found = [base.code]
    for below in base.__subclasses__():
        found += _codes(below)
    return found


def test_every_refusal_has_a_code_of_its_own():
    counted = Counter(_codes(PackageRefused))

    assert [code for code, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_zip_is_refused_by_its_name(case: Case):
    """PAIN-23: each gets the reason it deserves, and a hint how to mend it."""
    with pytest.raises(PackageRefused) as refused:
        take_in(case.data)

    assert refused.value.code == case.code, refused.value.message
    assert refused.value.message.endswith(".")
    assert refused.value.message.isprintable()


def test_zips_with_changed_bytes_are_taken_in_or_refused_by_name():
    """PAIN-23: no other exception, whatever the bytes are."""
    for data in mutations(10_000, seed=20261121):
        try:
            take_in(data)
        except PackageRefused as refused:
            assert refused.code  # noqa: PT017  both ends are fine, a crash is not
