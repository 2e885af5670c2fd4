"""The document: whole or unchanged, whatever happens."""

import json
import threading
from pathlib import Path

import pytest

from demo_lms.state.document import blank
from demo_lms.state.keys import load_key, load_secret
from demo_lms.state.store import Store


def new_store(folder: Path) -> Store:
    return Store(folder, lambda: {"version": 1, "count": 0})


def test_a_change_is_there_after_a_restart(tmp_path):
    with new_store(tmp_path).changing() as state:
        state["count"] = 7
    assert new_store(tmp_path).copy()["count"] == 7


def test_a_change_that_fails_is_forgotten(tmp_path):
    """A refused call changes nothing."""
    store = new_store(tmp_path)
    with store.changing() as state:
        state["count"] = 1
    with pytest.raises(ZeroDivisionError), store.changing() as state:
        state.update(count=2, broken=1 / 0 if state.pop("version") else 0)
    assert store.copy()["count"] == 1


def test_threads_lose_no_change(tmp_path):
    store = new_store(tmp_path)

    def add() -> None:
        for _ in range(50):
            with store.changing() as state:
                state["count"] += 1

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.copy()["count"] == 200


def test_two_processes_see_each_others_changes(tmp_path):
    """A reload of the server has two for a moment."""
    one, two = new_store(tmp_path), new_store(tmp_path)
    for store in (one, two, one, two):
        with store.changing() as state:
            state["count"] += 1
    assert one.copy()["count"] == two.copy()["count"] == 4


@pytest.mark.parametrize("text", ["{", "", "[]", '{"version": 99}'])
def test_a_document_that_cannot_be_used_is_put_aside_not_lost(tmp_path, text):
    """A demo must start; what was there can still be looked at."""
    (tmp_path / "state.json").write_text(text)
    assert new_store(tmp_path).copy()["count"] == 0
    assert (tmp_path / "state.json.unreadable").read_text() == text


def test_a_fresh_document_can_be_written_as_json():
    assert json.loads(json.dumps(blank())) == blank()


def test_key_and_secret_are_made_once_and_readable_by_the_owner_only(tmp_path):
    """The issuer's key must survive a restart."""
    assert load_key(tmp_path).kid == load_key(tmp_path).kid
    assert load_secret(tmp_path) == load_secret(tmp_path)
    assert (tmp_path / "platform-key.pem").stat().st_mode & 0o077 == 0


def test_the_published_key_has_no_private_part(tmp_path):
    assert set(load_key(tmp_path).jwk) == {"kty", "e", "n", "alg", "use", "kid"}
