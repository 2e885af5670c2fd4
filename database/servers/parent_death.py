"""Children that do not outlive their parent, even when it is killed with SIGKILL."""

import ctypes
import os
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int, parent: int | None = None) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `signal_number` to the child when its parent ends.

    `parent` is the present process unless the child, already forked, asks itself. Linux only
    (prctl(2) PR_SET_PDEATHSIG); elsewhere the next start finds and stops what was left
    (`lti_app/cli/orphans.py`). The thread that starts the child must be one that lives on.
    """
    expected = os.getpid() if parent is None else parent

    def prepare() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != expected:  # it died between fork and prctl
            os._exit(1)

    return prepare
