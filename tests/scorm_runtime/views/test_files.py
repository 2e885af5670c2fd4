"""Package files: types, ranges, conditions, and nothing outside the version."""

from urllib.parse import quote

import pytest

from scorm_runtime.storage.local import LocalStorage
from scorm_runtime.views.mime import find_media_type
from tests.scorm_runtime.playing import CONTENT, Listener, make_app, make_attempt, make_token

DATA = (CONTENT / "data.bin").read_bytes()


@pytest.fixture
def storage(tmp_path):
    return LocalStorage(tmp_path)


@pytest.fixture
def player(config, app, storage):
    return make_app(config, Listener().host(), storage).test_client()


@pytest.fixture
def files(tenant, storage):
    return f"/p/{make_token(tenant, make_attempt(tenant, storage=storage))}/files/"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.html", "text/html"),
        ("a.HTM", "text/html"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.mp4", "video/mp4"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("a.exe", "application/octet-stream"),
        ("noextension", "application/octet-stream"),
    ],
)
def test_types_come_from_our_own_table(name, expected):
    assert find_media_type(name) == expected


def test_a_file_is_served_with_its_type_and_never_guessed_at(player, files):
    answer = player.get(f"{files}style.css")
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_names_are_percent_decoded(player, files):
    assert player.get(files + quote("deep/a file (ü) 100%.html")).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-5", -5, None), ("bytes=7-7", 7, 8)],
)
def test_a_range_is_answered_with_206(player, files, wanted, start, end):
    """PAIN-09"""
    answer = player.get(f"{files}data.bin", headers={"Range": wanted})
    assert (answer.status_code, answer.data) == (206, DATA[start:end])
    assert answer.headers["Content-Range"].endswith(f"/{len(DATA)}")


@pytest.mark.parametrize("wanted", ["bytes=0-1,3-4", "lines=1-2", "nonsense"])
def test_a_range_we_do_not_know_gets_the_whole_file(player, files, wanted):
    answer = player.get(f"{files}data.bin", headers={"Range": wanted})
    assert (answer.status_code, len(answer.data)) == (200, len(DATA))


def test_a_range_outside_the_file_is_416(player, files):
    answer = player.get(f"{files}data.bin", headers={"Range": "bytes=99999-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(DATA)}")


def test_a_range_of_a_file_that_changed_gets_the_whole_file(player, files):
    headers = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert player.get(f"{files}data.bin", headers=headers).status_code == 200


def test_an_unchanged_file_is_not_sent_again(player, files):
    first = player.get(f"{files}data.bin")
    assert first.headers["Cache-Control"] == "private, max-age=86400"
    again = player.get(f"{files}data.bin", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_head_answers_the_length_only(player, files):
    answer = player.head(f"{files}data.bin")
    assert (answer.headers["Content-Length"], answer.data) == (str(len(DATA)), b"")


def test_a_missing_file_is_named(player, files):
    answer = player.get(f"{files}pictures/none.png")
    assert (answer.status_code, "pictures/none.png" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "path",
    [
        "../data.bin",
        "..%2f..%2fdata.bin",
        "%2e%2e/%2e%2e/etc/passwd",
        "deep/../../x",
        "deep//x",
        "..%5c..%5cx",
        "a%00b",
        "deep/",
        "deep",
        "/etc/passwd",
        "x" * 2000,
        "%ed%a0%80",
    ],
)
def test_no_path_leads_outside_the_version(player, files, path):
    """PAIN-23"""
    assert player.get(files + path).status_code in (404, 308)
