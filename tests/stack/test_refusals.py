"""What is wrong with a machine is said in one line that says what to do."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.stack.conftest import CHECKOUT, PATIENCE, clean_environment

pytestmark = pytest.mark.stack


def said_at_the_end(run) -> str:
    """The only thing it says; it must have failed, and without a traceback."""
    assert run.process.wait(PATIENCE) == 1, run.said()
    lines = run.said().strip().splitlines()
    assert len(lines) == 1, run.said()
    return lines[0]


def test_a_taken_port_is_named_with_the_way_out(start, folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = said_at_the_end(start(folder / "instance", BIND=f"127.0.0.1:{port}"))
    assert f"Port {port} is taken by another program" in line
    assert "BIND=127.0.0.1:" in line


def test_a_taken_port_of_the_demo_lms_is_named_too(start, folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = said_at_the_end(start(folder / "a", DEMO_LMS_URL=f"http://127.0.0.1:{port}"))
    assert f"Port {port} is taken" in line
    assert "DEMO_LMS_URL=http://127.0.0.1:" in line


def test_a_second_start_on_the_same_folder_names_the_first(start, folder):
    first = start(folder / "instance").wait_until_up()
    line = said_at_the_end(start(folder / "instance"))
    assert f"already runs here (process {first.process.pid}" in line


def test_an_unwritable_folder_is_named_with_the_way_out(start, folder):
    (folder / "locked").mkdir(mode=0o555)
    account = "nobody" if os.geteuid() == 0 else None
    line = said_at_the_end(start(folder / "locked" / "instance", account=account))
    assert f"Cannot write to {folder}/locked/instance" in line
    assert "LECTERN_DATA=" in line


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands PostgreSQL to another account")
def test_root_is_told_when_the_other_account_cannot_enter_the_folder(start, folder):
    (folder / "private").mkdir(mode=0o700)
    line = said_at_the_end(start(folder / "private" / "instance"))
    assert "cannot enter" in line
    assert "LECTERN_DATA=" in line


@pytest.mark.parametrize(
    ("setting", "text", "part"),
    [
        ("BIND", "8000", "must be like 127.0.0.1:8000"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("DATABASE_URL", "postgresql://u@localhost/x", "DATABASE_OWNER_URL is not"),
        ("SWEEP_SECONDS", "soon", "must be a whole number"),
    ],
)
def test_a_setting_that_cannot_work_is_named(start, folder, setting, text, part):
    assert part in said_at_the_end(start(folder / "instance", **{setting: text}))


@pytest.mark.skipif(os.geteuid() != 0, reason="everybody else is an ordinary user anyway")
def test_an_ordinary_user_starts_it_too(start, folder):
    home = folder / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)
    run = start(home / "instance", account="nobody").wait_until_up()
    assert run.end(signal.SIGTERM) == 0
    assert run.survivors(seconds=5) == []


def test_a_very_long_path_works(start, folder):
    """A socket's path may have 107 bytes only."""
    run = start(folder / ("long name " * 15) / "instance").wait_until_up()
    assert run.end(signal.SIGTERM) == 0


def venv_script(folder, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(CHECKOUT / "deploy" / "venv.sh"), "requirements.txt"],
        cwd=folder,
        env={**clean_environment(), "PYTHON": python},
        capture_output=True,
        text=True,
    )


def test_an_old_python_is_named_with_what_is_needed(folder):
    old = folder / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.7.16 && exit\nexit 1\n')
    old.chmod(0o755)
    answer = venv_script(folder, str(old))
    assert answer.returncode == 1
    assert answer.stderr.startswith("Lectern: Python 3.11 or newer is needed, found: Python 3.7.16")
    assert len(answer.stderr.splitlines()) == 1


def test_a_python_without_venv_is_told_which_package_to_install(folder):
    """Debian splits ensurepip off."""
    bare = folder / "python3"
    bare.write_text(
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'
    )
    bare.chmod(0o755)
    answer = venv_script(folder, str(bare))
    assert answer.returncode == 1
    assert f"apt-get install python3.{sys.version_info[1]}-venv" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
