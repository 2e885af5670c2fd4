"""Zip files that are good, in all the ways in which tools write them."""

import io
import os
import zipfile
from dataclasses import replace

import pytest

from scorm_runtime.core.archive.errors import ArchiveRefused, ChecksumWrong, NotAZip
from scorm_runtime.core.archive.limits import ArchiveLimits
from scorm_runtime.core.archive.members import Archive, open_archive, read_member
from scorm_runtime.core.archive.names import clean_path, decode_name, fold, is_junk
from tests.scorm_runtime.hostile.zipbytes import Part, Tail, build

LIMITS = ArchiveLimits()


def opened(data: bytes) -> tuple[Archive, dict[str, bytes]]:
    file = io.BytesIO(data)
    archive = open_archive(file, LIMITS)
    return archive, {m.path: b"".join(read_member(file, m)) for m in archive.members}


def codes(archive: Archive) -> list[str]:
    return [finding.code for finding in archive.findings]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_pythons_zipfile_writes_is_read(method: int):
    noise = os.urandom(700_000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        made.mkdir("folder")
        made.writestr("folder/a.txt", "text " * 1000)
        made.writestr("noise", noise)
        made.writestr("empty", b"")

    archive, files = opened(file.getvalue())

    assert files == {"folder/a.txt": b"text " * 1000, "noise": noise, "empty": b""}
    assert archive.total_bytes == 705_000
    assert archive.findings == ()


def test_members_with_a_data_descriptor_are_read():
    """As tools write them that cannot seek: sizes come after the data (APPNOTE 4.3.9)."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, chunk) -> int:
            self.data += bytes(chunk)
            return len(chunk)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.html", "<p>" * 500)

    assert opened(bytes(pipe.data))[1] == {"a.html": b"<p>" * 500}


def test_zip64_is_read():
    """CMI5-IMP-2"""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
        made.open("big.txt", "w", force_zip64=True) as member,
    ):
        member.write(b"x" * 1000)

    assert opened(file.getvalue())[1] == {"big.txt": b"x" * 1000}
    assert opened(build([Part(b"a", b"1")], Tail(zip64={})))[1] == {"a": b"1"}


def test_bytes_before_and_a_comment_after_do_no_harm():
    for tail in (Tail(comment=b"made by PK\x05\x06 tools " * 10), Tail(after=b"\r\n")):
        archive, files = opened(build([Part(b"a", b"1")], tail, prefix=b"MZ self-extracting"))

        assert files == {"a": b"1"}
        assert codes(archive) == ["zip_prepended"]


def test_back_slashes_are_taken_for_folders_and_reported():
    """PAIN-24"""
    archive, files = opened(build([Part(b"css\\main.css", b"1"), Part(b"css\\", b"")]))

    assert files == {"css/main.css": b"1"}
    assert codes(archive) == ["path_backslashes"]


def test_names_are_stored_composed_and_without_dots():
    archive, files = opened(build([Part("./u\u0308ber.html".encode(), b"1", flags=0x800)]))

    assert files == {"über.html": b"1"}
    assert codes(archive) == ["name_spelling"]


def test_what_operating_systems_leave_behind_is_left_out():
    parts = [Part(b"__MACOSX/._a"), Part(b"x/.DS_Store"), Part(b"Thumbs.db"), Part(b"a", b"1")]

    archive, files = opened(build(parts))

    assert files == {"a": b"1"}
    assert codes(archive) == ["junk_left_out"]


def test_a_folder_may_be_listed_twice_and_differ_in_case_from_another():
    folder = Part(b"Images/", b"", mode=0o040755)
    parts = [folder, folder, Part(b"Images/a.png", b"1"), Part(b"images/b.png", b"2")]

    assert opened(build(parts))[1] == {"Images/a.png": b"1", "images/b.png": b"2"}


def test_a_name_without_the_utf8_flag_is_utf8_when_it_can_be_and_code_page_437_otherwise():
    assert decode_name("grüße.html".encode(), is_utf8=False) == "grüße.html"
    assert decode_name(b"gr\x81\xe1e.html", is_utf8=False) == "grüße.html"


def test_names_that_only_look_dangerous_are_allowed():
    fine = ["a..b", "..a", "a.", "console.js", "null.html", "com10.txt", "%2e%2e/x", "a b/c d.html"]
    fine += ["日本語.html", ".hidden", "x:y".replace(":", "："), "aux_.js", "lpt.txt"]
    for name in fine:
        assert clean_path(name, LIMITS) == name


def test_what_a_file_system_that_ignores_case_would_mix_up_is_one():
    assert fold("Straße/É.html") == fold("STRASSE/e\u0301.html")
    assert fold("a") != fold("b")
    assert not is_junk("course/__macosx_notes.html")


def test_limits_are_settings():
    data = build([Part(b"a", b"12345")])
    for change in ({"max_total_bytes": 4}, {"max_file_bytes": 4}, {"max_files": 0}):
        with pytest.raises(ArchiveRefused) as refused:
            open_archive(io.BytesIO(data), replace(LIMITS, **change))
        assert "at most" in refused.value.message


def test_a_member_is_checked_while_it_flows_and_the_last_chunk_tells():
    file = io.BytesIO(build([Part(b"a", b"x" * 600_000, method=0, says={"crc": 1})]))
    chunks = read_member(file, open_archive(file, LIMITS).members[0])

    assert len(next(chunks)) == 256 * 1024
    with pytest.raises(ChecksumWrong):
        list(chunks)


def test_a_refusal_names_the_member_and_how_to_mend_it_and_shows_nothing_invisible():
    with pytest.raises(ArchiveRefused) as refused:
        open_archive(io.BytesIO(build([Part(b"evil\n\x1b[31m.html")])), LIMITS)

    assert refused.value.subject == "evil\\x0a\\x1b[31m.html"
    assert refused.value.message.startswith("evil\\x0a")
    assert "Rename the file" in refused.value.message
    assert refused.value.status_hint == 422


def test_other_kinds_of_files_are_called_by_their_names():
    with pytest.raises(NotAZip) as refused:
        open_archive(io.BytesIO(b"Rar!\x1a\x07\x00" + bytes(100)), LIMITS)

    assert "RAR" in refused.value.message


def test_twenty_thousand_entries_are_judged_in_seconds():
    """One pass over the table of contents and one sort: no minutes for a full zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for number in range(20_000):
            made.writestr(f"folder {number % 100}/{number}.html", b"")

    assert len(open_archive(file, LIMITS).members) == 20_000
