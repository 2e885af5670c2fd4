"""Nothing is lost: runs of learners whose tabs, browser, server and network fail at random.

python -m benchmarks.chaos [--runs 1000] [--first 0] [--seed 1] [--at-once 20] [--visits 2]

A database, a server (gunicorn as in production), a proxy that spoils requests and a browser of its
own; `tests/scorm_runtime/chaos/` has the parts. Each line about a failed run begins with its seed.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade

from database.embedded import embedded_postgres
from lti_app.app import create_app
from lti_app.config import Config
from tests.gunicorn import ROOT, settings
from tests.scorm_runtime.chaos.chaos import Report, run_chaos


def main() -> int:
    """Print the figures; 1 when anything was lost or happened twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="go on with this run")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--visits", type=int, default=2)
    parser.add_argument("--stories", action="store_true", help="what happened in failed runs")
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lectern-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with embedded_postgres(folder / "postgres") as urls:
            environment = settings(urls.app_url, urls.owner_url, folder / "data")
            app = create_app(Config.from_env(environment))
            with app.app_context():
                upgrade(directory=str(ROOT / "migrations"))
                report = asyncio.run(
                    run_chaos(
                        environment,
                        app,
                        folder,
                        runs=wanted.runs,
                        seed=wanted.seed,
                        first=wanted.first,
                        at_once=wanted.at_once,
                        visits=wanted.visits,
                        on_batch=lambda found: tell(found, began),
                    )
                )
    print("\n".join(report.lines()))
    print(f"{time.monotonic() - began:.0f} s")
    for seed, verdict in report.failed().items():
        print(seed, *verdict.acknowledged_lost, *verdict.waiting_lost, *verdict.faults, sep="\n  ")
        if wanted.stories:
            print("  --", *report.stories[seed], sep="\n    ")
    return 1 if report.failed() else 0


def tell(report: Report, began: float) -> None:
    """How far it is."""
    failed = ", ".join(report.failed()) or "none"
    print(
        f"{time.monotonic() - began:5.0f} s, runs {len(report.verdicts)}, failed: {failed}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
