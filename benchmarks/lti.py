"""LTI launches: login, verification, acceptance, redirect to the player.

python -m benchmarks.lti [--rate 20] [--seconds 60] [--people 500] [--profile]

Starts its own durable PostgreSQL and gunicorn with the settings of production (two workers), and a
platform whose key set both workers have read before the clock starts. A launch is POST /lti/login
and POST /lti/launch with the cookie; what the platform does in between (signing) is not counted.
The clients share the machine; whose processor time a launch costs is told for each of the three.
`--profile` launches in this process and prints where the time goes.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from flask import Flask

from benchmarks.players import processor_seconds, world
from lti_app.platform_client.reach import REACH
from tests.conftest import make_tenant
from tests.gunicorn import running_gunicorn
from tests.lti_app.fake_platform import CLIENT_ID, FakePlatform, running_platform
from tests.lti_app.lti_fixtures import Begun, add_package, add_platform

_SHOWN = ("login", "launch", "both")
_WARM_UP = 48
"""Launches before the clock starts: both workers have the key set, PostgreSQL its plans."""


@dataclass
class Figures:
    """Seconds by step, and what went wrong."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def tell(self) -> None:
        for step in _SHOWN:
            found = sorted(self.taken[step])
            if len(found) > 1:
                cuts = statistics.quantiles(found, n=100)
                told = "  ".join(f"p{p} {cuts[p - 1] * 1000:6.1f}" for p in (50, 95, 99))
                print(f"{step:<7} {len(found):6}  {told}  max {found[-1] * 1000:7.1f} ms")
        print(f"errors {len(self.errors)} {self.errors[:2]}")


class School:
    """One platform and its people; each launch is of the next person, in one of ten links."""

    def __init__(self, platform: FakePlatform, app_url: str, people: int) -> None:
        self.platform, self.people = platform, people
        self.target = f"{app_url}/lti/launch"

    def login(self) -> dict[str, str]:
        return {
            "iss": self.platform.issuer,
            "client_id": CLIENT_ID,
            "login_hint": "4",
            "lti_message_hint": "hint",
            "lti_deployment_id": "1",
            "target_link_uri": self.target,
        }

    def answer(self, location: str, number: int) -> dict[str, str]:
        """The form with which the platform answers the authentication request."""
        query = parse_qs(urlsplit(location).query)
        begun = Begun(query["state"][0], query["nonce"][0], location)
        person = number % self.people
        token = self.platform.sign(
            self.platform.claims(
                begun,
                sub=f"person-{person}",
                email=f"person-{person}@example.com",
                resource_link={"id": f"link-{number % 10}", "title": "Fire safety"},
                target_link_uri=self.target,
            )
        )
        return {"state": begun.state, "id_token": token}


class Client:
    """Launches over HTTP, a connection for each request, as behind most proxies."""

    def __init__(self, origin: str, school: School) -> None:
        self.port, self.host = int(origin.rpartition(":")[2]), origin.partition("//")[2]
        self.school, self.figures = school, Figures()

    async def launch(self, number: int, at: float) -> None:
        await asyncio.sleep(max(0, at - time.monotonic()))
        began = time.perf_counter()
        login = await self.post("/lti/login", self.school.login(), "")
        between = time.perf_counter()
        location = _header(login, "location")
        if not login.startswith(b"HTTP/1.1 302") or not location:
            self.figures.errors.append(repr(login[:300]))
            return
        cookie = _header(login, "set-cookie").partition(";")[0]
        form = self.school.answer(location, number)
        again = time.perf_counter()
        answer = await self.post("/lti/launch", form, cookie)
        end = time.perf_counter()
        if not answer.startswith(b"HTTP/1.1 303"):
            self.figures.errors.append(repr(answer[:300]))
            return
        taken = self.figures.taken
        taken["login"].append(between - began)
        taken["launch"].append(end - again)
        taken["both"].append(between - began + end - again)

    async def post(self, path: str, form: dict[str, str], cookie: str) -> bytes:
        data = urlencode(form).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n"
            f"Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(head.encode() + data)
            answer = await reader.read(-1)
            writer.close()
        except OSError as trouble:
            return str(trouble).encode()
        return answer


def _header(answer: bytes, name: str) -> str:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    found = (line.partition(": ")[2] for line in head if line.lower().startswith(f"{name}: "))
    return next(found, "")


async def launch_all(client: Client, rate: float, seconds: float) -> None:
    """Evenly spread, whatever the server does: late answers do not slow the next launch down."""
    began = time.monotonic() + 0.5
    count = int(rate * seconds)
    await asyncio.gather(*(client.launch(at, began + at / rate) for at in range(count)))


def prepare(platform: FakePlatform) -> UUID:
    """A tenant with the platform and a package."""
    tenant = make_tenant()
    add_platform(tenant, platform)
    add_package(tenant)
    return tenant


def measure(environment: dict[str, str], folder: Path, wanted: argparse.Namespace) -> None:
    """Latencies, errors, processor time."""
    # All launches come from one address here; a school's limit would be met.
    limits = {"LTI_LOGINS": "0", "LTI_REFUSALS": "0", "LOG_LEVEL": "WARNING"}
    with running_platform() as platform:
        prepare(platform)
        with running_gunicorn(environment | limits, folder / "gunicorn.log") as origin:
            school = School(platform, environment["APP_URL"], wanted.people)
            asyncio.run(launch_all(Client(origin, school), 16, _WARM_UP / 16))
            client = Client(origin, school)
            before = (*processor_seconds(), time.process_time())
            asyncio.run(launch_all(client, wanted.rate, wanted.seconds))
            after = (*processor_seconds(), time.process_time())
    client.figures.tell()
    count = len(client.figures.taken["both"]) or 1
    for what, was, now in zip(("server", "PostgreSQL", "clients"), before, after, strict=True):
        print(f"{what:<10} {(now - was) * 1000 / count:5.1f} ms of processor time a launch")
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


def profile(app: Flask, environment: dict[str, str], count: int) -> None:
    """Where a launch's time goes, in this process."""
    REACH.private = True
    with running_platform() as platform:
        prepare(platform)
        school = School(platform, environment["APP_URL"], 100)
        profiler, taken = cProfile.Profile(), 0.0

        def post(path: str, form: dict[str, str]) -> Any:
            nonlocal taken
            with app.app_context():
                profiler.enable()
                began = time.process_time()
                answer = client.post(path, base_url=environment["APP_URL"], data=form)
                taken += time.process_time() - began
                profiler.disable()
            return answer

        for number in range(count):
            client = app.test_client()
            form = school.answer(post("/lti/login", school.login()).location, number)
            assert post("/lti/launch", form).status_code == 303
    print(f"{count} launches, {taken * 1000 / count:.1f} ms of processor time each")
    found = pstats.Stats(profiler)
    found.sort_stats("cumulative").print_stats(60)
    found.sort_stats("tottime").print_stats(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--profile", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lectern-lti-") as name:
        folder = Path(name)
        with world(folder) as (app, environment):
            if wanted.profile:
                profile(app, environment, 150)
            else:
                measure(environment, folder, wanted)


if __name__ == "__main__":
    main()
