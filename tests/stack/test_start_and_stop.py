"""`make run` as a person meets it: up, down, killed, started again. Issue "one command"."""

import signal
import socket
import time

import psutil
import pytest

from tests.stack.conftest import fetch

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_command_answers_on_both_names_and_a_signal_stops_all_of_it(start, folder, number):
    """A folder with a space in its name, on purpose."""
    run = start(folder / "instance").wait_until_up()

    port = run.url.rpartition(":")[2]
    names = [f"http://localhost:{port}", run.url]
    assert [fetch(f"{name}/ready")[0] for name in names] == [200, 200]
    assert fetch(f"{run.demo_url}/lms/")[0] == 200
    assert "learner@demo.lectern.test" in run.said()

    assert run.end(number) == 0
    assert run.survivors(seconds=5) == []


def test_ipv6_localhost_answers_where_the_machine_has_it(start, folder):
    """Browsers try ::1 for `localhost` first; somebody else's server must not be there."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
    run = start(folder / "instance").wait_until_up()
    assert fetch(f"http://[::1]:{run.url.rpartition(':')[2]}/health")[0] == 200


def test_a_killed_supervisor_takes_everything_along_and_the_next_start_recovers(start, folder):
    """kill -9 leaves nobody who could clean up."""
    first = start(folder / "instance").wait_until_up()
    first.end(signal.SIGKILL)

    second = start(folder / "instance").wait_until_up()

    assert first.survivors(seconds=5) == []
    assert fetch(f"{second.url}/ready")[0] == 200


def test_a_part_that_is_killed_is_started_again(start, folder):
    """Each of them, also the database."""
    run = start(folder / "instance").wait_until_up()
    for words in ("flask --app wsgi worker", "valkey-server", " wsgi:app", "bin/postgres"):
        killed = run.child(words)
        killed.kill()
        psutil.wait_procs([killed], timeout=5)
        _wait_for(run, lambda words=words, old=killed.pid: run.child(words).pid != old)
    _wait_for(run, lambda: fetch(f"{run.url}/ready")[0] == 200)


def test_data_survives_a_restart(start, folder):
    """The demo credential is made once: the database of the second start knows it."""
    first = start(folder / "instance").wait_until_up()
    first.end(signal.SIGTERM)
    left = folder / "instance" / "lrs-demo-credential.txt"
    left.unlink()

    start(folder / "instance").wait_until_up()

    assert not left.exists()


def _wait_for(run, condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except (StopIteration, OSError, psutil.Error):
            pass
        time.sleep(0.1)
    pytest.fail(f"it did not come back:\n{run.said()}")
