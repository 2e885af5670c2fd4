"""`make run`: everything on one machine, one command. Ctrl-C stops it."""

import os
import signal
import sys
import time

from database.servers.errors import ServerError
from database.servers.identity import server_identity
from database.servers.parent_death import die_with_parent
from database.servers.sockets import remove_socket_folders
from lti_app.cli.announcement import announcement
from lti_app.cli.failure import StartFailed
from lti_app.cli.instance import locked, open_instance
from lti_app.cli.orphans import stop_orphans
from lti_app.cli.ports import require_free
from lti_app.cli.stack import Stack
from lti_app.cli.supervisor import Supervisor


def main() -> int:
    """Start, watch and stop the stack; returns the exit code."""
    began = time.monotonic()
    if "MAKELEVEL" in os.environ:  # killing `make` must not leave us running out of sight
        die_with_parent(signal.SIGTERM, os.getppid())()
    try:
        identity = server_identity()
        folder = open_instance(os.environ, identity)
        with locked(folder) as lock:
            if found := stop_orphans(folder):
                say(f"Stopped what an earlier start had left: {', '.join(found)}")
            stack = Stack(folder, os.environ, identity)
            stack.check()
            require_free(stack.web, "BIND", patience=2.0)
            require_free(stack.demo, "DEMO_LMS_URL", patience=2.0)
            say("Starting Lectern …")
            supervisor = Supervisor(folder, stack.steps(), say)

            def on_up() -> None:
                say(announcement(stack.environment, folder, time.monotonic() - began))

            try:
                return supervisor.run(on_up, lock.say_stopping)
            finally:
                remove_socket_folders(folder)
    except (StartFailed, ServerError) as failure:
        print(f"Lectern cannot start: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    """Tell the person at the terminal; never fails because of the terminal."""
    try:
        print(text, flush=True)
    except (UnicodeEncodeError, OSError):
        sys.stdout.buffer.write(f"{text}\n".encode("ascii", "replace"))


if __name__ == "__main__":
    sys.exit(main())
