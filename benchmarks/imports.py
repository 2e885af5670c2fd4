"""A large package from the browser to the shelf: how long a web request lasts, how long the import
takes, and how much memory both need.

python -m benchmarks.imports [MEGABYTES]      in parts, through the application, into a new database
"""

import gc
import os
import secrets
import statistics
import sys
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from flask_migrate import upgrade

from database.embedded import embedded_postgres
from database.session import transaction
from lti_app.app import create_app
from lti_app.config import Config
from lti_app.core.permissions import Role
from lti_app.jobs import imports
from lti_app.models.tenant import Tenant
from scorm_runtime.models.import_job import ImportJob
from tests.lti_app.conftest import Portal
from tests.scorm_runtime.hostile.contents import manifest

ROOT = Path(__file__).parents[1]
FILE_BYTES = 1024 * 1024


def build(path: Path, megabytes: int) -> None:
    """A package of so many files of one megabyte, half of them packed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("imsmanifest.xml", manifest())
        target.writestr("index.html", "<!doctype html>")
        for number in range(megabytes):
            packed = number % 2 == 0
            kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            data = os.urandom(FILE_BYTES // 2) + bytes(FILE_BYTES // 2) * packed
            target.writestr(f"media/{number:05}.bin", data + os.urandom(FILE_BYTES // 2), kind)


def upload(portal: Portal, path: Path) -> tuple[list[float], ImportJob]:
    """Seconds of each request that sends a part, and the import's row."""
    headers = {
        "Accept": "application/json",
        "X-CSRFToken": portal.csrf_token("/admin/packages/upload"),
    }
    size, seconds = path.stat().st_size, []
    body = {"name": path.name, "size": size, "modified": 1}
    begun = portal._open("POST", "/admin/packages/uploads", json=body, headers=headers)
    assert begun.json is not None, begun.text
    state = begun.json
    with path.open("rb") as file:
        while state["received"] < size:
            part = file.read(state["part_bytes"])
            began = time.perf_counter()
            answer = portal._open(
                "PUT",
                f"{state['url']}/parts/{state['received']}",
                data=part,
                content_type="application/octet-stream",
                headers=headers,
            )
            seconds.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.text
            assert answer.json is not None
            state = answer.json
            answer.close()
            del answer, part
            gc.collect()  # the client's own copies of what it has sent
    done = portal._open("POST", f"{state['url']}/finish", headers=headers)
    assert done.json is not None, done.text
    with transaction(portal.tenant) as session:
        job = session.get_one(ImportJob, done.json["location"].rsplit("/", 1)[-1])
    return seconds, job


def forget_peak() -> float:
    """Begin to watch the process's memory anew; what it has now, in megabytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def peak() -> float:
    """The most it has had since, in megabytes."""
    return _status("VmHWM")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def main(megabytes: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="lectern-imports-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        file = folder / "large.zip"
        build(file, megabytes)
        with embedded_postgres(folder / "postgres") as server:
            config = Config(
                database_url=server.app_url,
                database_owner_url=server.owner_url,
                secret_key=secrets.token_hex(32),
                lectern_data=str(folder / "data"),
                max_upload_mb=4096,
            )
            app = create_app(replace(config, app_url="http://bench.test"))
            with app.app_context():
                upgrade(directory=str(ROOT / "migrations"))
                with transaction(None) as session:
                    row = Tenant(name="bench", slug="bench", domain="bench.test")
                    session.add(row)
                    session.flush()
                    tenant = row.id
                portal = Portal(app, app.test_client(), tenant, "http://bench.test")
                portal.sign_in_as(Role.INSTRUCTOR)
                measure(portal, file)


def measure(portal: Portal, file: Path) -> None:
    before_upload = forget_peak()
    began = time.perf_counter()
    seconds, job = upload(portal, file)
    sent, upload_peak = time.perf_counter() - began, peak()
    before_import = forget_peak()
    began = time.perf_counter()
    imports.run(str(portal.tenant), str(job.id))
    taken, import_peak = time.perf_counter() - began, peak()
    with transaction(portal.tenant) as session:
        job = session.get_one(ImportJob, job.id)
        assert job.state == "done", job.error_message
    seconds.sort()
    size = file.stat().st_size / 1e6
    print(f"package          {size:7.0f} MB in {len(seconds)} parts")
    print(
        f"part request     {statistics.median(seconds):7.3f} s median, "
        f"{seconds[int(0.99 * len(seconds)) - 1]:.3f} s p99, {seconds[-1]:.3f} s longest"
    )
    print(f"all parts        {sent:7.1f} s, {size / sent:.0f} MB/s")
    print(f"import           {taken:7.1f} s, {size / taken:.0f} MB/s")
    for name, start, most in (
        ("upload", before_upload, upload_peak),
        ("import", before_import, import_peak),
    ):
        print(f"memory, {name}   {start:7.0f} MB before, at most {most - start:.0f} MB more")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024)
