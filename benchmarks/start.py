"""How long `make run` takes from typing it to its box of addresses, and how long it takes to stop.

python -m benchmarks.start [RUNS]      the first start of a new instance folder, then RUNS more
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.journeys.stack import ROOT, free_port


def measure(folder: Path) -> tuple[float, float]:
    """(seconds to start, seconds to stop) of one start in `folder`."""
    environment = {
        **os.environ,
        "LECTERN_DATA": str(folder),
        "BIND": f"127.0.0.1:{free_port()}",
        "DEMO_LMS_URL": f"http://127.0.0.1:{free_port()}",
    }
    began = time.monotonic()
    with subprocess.Popen(
        ["make", "run"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        while line := process.stdout.readline():
            if b"Lectern is running" in line:
                break
        up = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        process.communicate()
    return up - began, time.monotonic() - up


def main(runs: int) -> None:
    """Print the first start and the medians of the following ones."""
    with tempfile.TemporaryDirectory(prefix="lectern-start-") as name:
        Path(name).chmod(0o711)
        folder = Path(name) / "instance"
        first, _ = measure(folder)
        later = [measure(folder) for _ in range(runs)]
    starts, stops = ([pair[index] for pair in later] for index in (0, 1))
    print(f"first start            {first:5.1f} s (environment installed, new instance folder)")
    for name, values in (("later start", starts), ("stop", stops)):
        low, middle, high = min(values), statistics.median(values), max(values)
        print(f"{name:<22} {middle:5.1f} s median of {runs} ({low:.1f} to {high:.1f})")
    print(f"later / first          {statistics.median(starts) / first:5.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
