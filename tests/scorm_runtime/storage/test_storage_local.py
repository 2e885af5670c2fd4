"""A folder as storage."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scorm_runtime.storage.errors import InvalidKey, ObjectMissing, TargetTaken
from scorm_runtime.storage.local import LocalStorage


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "storage")


def content(storage: LocalStorage, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join(storage.read(key, start, end))


def all_files(storage: LocalStorage) -> list[str]:
    return [str(p.relative_to(storage.root)) for p in storage.root.rglob("*") if p.is_file()]


def test_what_was_put_is_read_back_whole_and_in_ranges(storage):
    assert storage.put("a/b.txt", [b"hello ", b"world"]) == 11

    assert content(storage, "a/b.txt") == b"hello world"
    assert content(storage, "a/b.txt", 6) == b"world"
    assert content(storage, "a/b.txt", 2, 5) == b"llo"
    assert content(storage, "a/b.txt", 5, 5) == b""
    assert storage.stat("a/b.txt").size == 11


def test_a_large_object_is_read_in_several_chunks(storage):
    storage.put("big", (bytes([i % 256]) * 100_000 for i in range(10)))

    chunks = list(storage.read("big", 50_000, 950_000))

    assert len(chunks) > 1
    assert sum(map(len, chunks)) == 900_000


def test_a_stream_that_breaks_leaves_the_earlier_object_and_nothing_else(storage):
    """All or nothing: the import's temporary files never survive it."""

    def breaking() -> Iterator[bytes]:
        yield b"new"
        raise RuntimeError("the upload broke off")

    storage.put("a", [b"old"])
    with pytest.raises(RuntimeError):
        storage.put("a", breaking())

    assert content(storage, "a") == b"old"
    assert all_files(storage) == ["objects/a"]


def test_the_etag_changes_with_the_content(storage):
    storage.put("a", [b"1"])
    before = storage.stat("a").etag
    storage.put("a", [b"22"])

    assert storage.stat("a").etag != before


def test_what_is_missing_is_said_at_once(storage):
    storage.put("folder/file", [b""])

    for action in (
        lambda: storage.open("x"),
        lambda: storage.read("x"),
        lambda: storage.stat("x"),
        lambda: storage.stat("folder"),
        lambda: storage.open("folder"),
        lambda: storage.stat("folder/file/below"),
        lambda: storage.copy("x", "y"),
        lambda: storage.publish("x/", "y/"),
    ):
        with pytest.raises(ObjectMissing):
            action()


def test_listing_and_deleting_by_prefix(storage):
    for key in ("p/1/a", "p/1/b/c", "p/10/a"):
        storage.put(key, [b"x"])

    assert list(storage.list("p/1/")) == ["p/1/a", "p/1/b/c"]
    storage.delete_prefix("p/1/")
    storage.delete_prefix("p/never/")

    assert list(storage.list("p/1/")) == []
    assert list(storage.list("p/")) == ["p/10/a"]


def test_deleting_leaves_no_empty_folders(storage):
    storage.put("a/b/c", [b"x"])
    storage.delete("a/b/c")
    storage.delete("a/b/c")

    assert list(storage.root.joinpath("objects").iterdir()) == []


def test_a_prefix_is_published_at_once_and_only_onto_nothing(storage):
    storage.put("staging/1/index.html", [b"new"])
    storage.put("staging/2/index.html", [b"newer"])

    storage.publish("staging/1/", "packages/v/files/")
    with pytest.raises(TargetTaken):
        storage.publish("staging/2/", "packages/v/files/")

    assert content(storage, "packages/v/files/index.html") == b"new"
    assert list(storage.list("staging/")) == ["staging/2/index.html"]


def test_a_copy_outlives_the_original_and_its_replacement(storage):
    storage.put("uploads/1.zip", [b"zip"])
    storage.copy("uploads/1.zip", "packages/v/package.zip")
    storage.copy("uploads/1.zip", "packages/v/package.zip")

    storage.put("uploads/1.zip", [b"other"])
    storage.delete("uploads/1.zip")

    assert content(storage, "packages/v/package.zip") == b"zip"
    assert list(storage.list("uploads/")) == []


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", "./a", "a\\b", "a\x00b", "a\nb", "\x7f"],
)
def test_a_key_that_could_leave_the_folder_is_no_key(storage, key):
    """PAIN-23"""
    with pytest.raises(InvalidKey):
        storage.open(key)
    with pytest.raises(InvalidKey):
        storage.put(key, [b""])
    assert all_files(storage) == []


@pytest.mark.parametrize("key", ["x" * 256, "x/" * 600 + "x", "\ud800"])
def test_a_key_that_no_file_system_takes_is_no_key(storage, key):
    with pytest.raises(InvalidKey):
        storage.put(key, [b""])


def test_a_prefix_ends_with_a_slash(storage):
    for prefix in ("a", "/", "../", ""):
        with pytest.raises(InvalidKey):
            storage.delete_prefix(prefix)
