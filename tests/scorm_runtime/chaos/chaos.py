"""Many learners at once on a real server and a real browser, while everything around them fails.

    settings = gunicorn.settings(…)                       on a migrated database
    report = asyncio.run(run_chaos(settings, app, folder, runs=50, seed=1))

Runs go in batches: the learners of one share a browser and a server. Each batch has its own seed,
so a failing run is found again by `only=<its seed>`.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from flask import Flask
from playwright.async_api import BrowserContext, Playwright, async_playwright
from sqlalchemy import select

from database.session import transaction
from lti_app.storage import storage_of
from scorm_runtime.models.attempt import Attempt, AttemptSco, CommitLog
from scorm_runtime.models.package import PackageVersion
from tests.browser import RunningChromium, running_chromium
from tests.conftest import make_tenant
from tests.scorm_runtime.chaos.course import make_courses
from tests.scorm_runtime.chaos.learner import Learner
from tests.scorm_runtime.chaos.ledger import Verdict, in_order, judge
from tests.scorm_runtime.chaos.proxy import Proxy
from tests.scorm_runtime.chaos.rebuilding import Rebuilt, compare
from tests.scorm_runtime.chaos.server import MortalServer
from tests.scorm_runtime.courses import begin
from tests.scorm_runtime.playing import make_token

POWER_CUTS = 0.3
"""Of all rounds of visits, the share that ends by the death of the whole browser."""
DEATHS = 0.6
"""Of all rounds, the share during which the server dies."""


@dataclass
class Report:
    """Of all runs."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """By the seed of the run."""
    stories: dict[str, list[str]] = field(default_factory=dict)
    """Of those that failed: what happened, by the learner and by the proxy."""
    endings: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    deaths: int = 0

    def failed(self) -> dict[str, Verdict]:
        return {seed: one for seed, one in self.verdicts.items() if not one.is_good}

    def lines(self) -> list[str]:
        verdicts = list(self.verdicts.values())
        waiting = sum(one.waiting - one.cut for one in verdicts)
        lost = sum(len(one.waiting_lost) for one in verdicts)
        cut = sum(one.cut for one in verdicts)
        cut_lost = [age for one in verdicts for age in one.cut_lost]
        ages = ", ".join(f"{age * 1000:.0f}" for age in sorted(cut_lost)) or "none"
        return [
            f"runs {len(verdicts)}, visits {self.endings.total()}: {_list(self.endings)}",
            f"server killed {self.deaths} times; requests: {_list(self.faults)}",
            f"values told {sum(one.told for one in verdicts)}; acknowledged and lost: "
            f"{sum(len(one.acknowledged_lost) for one in verdicts)}",
            f"not acknowledged when the visit ended: {waiting}, recovered at the next one "
            f"{_share(waiting, lost)} (lost {lost})",
            f"the same when the whole browser was killed: {cut}, recovered "
            f"{_share(cut, len(cut_lost))}; lost were told so many ms before: {ages}",
            f"navigations {sum(one.navigations for one in verdicts)}; applied twice, out of order, "
            f"or otherwise than the log says: {sum(len(one.faults) for one in verdicts)}",
        ]


async def run_chaos(
    environment: Mapping[str, str],
    app: Flask,
    folder: Path,
    *,
    runs: int,
    seed: int,
    first: int = 0,
    at_once: int = 10,
    visits: int = 2,
    on_batch: Callable[[Report], object] = lambda report: None,
) -> Report:
    """`environment` as `tests.gunicorn.settings` makes it, on the database of `app`. The runs from
    `first`, a multiple of `at_once`, up to `runs`."""
    report, tenant = Report(), make_tenant()
    courses = make_courses(tenant, storage_of(app))
    world = _World(app, tenant, courses, folder, seed)
    async with (
        MortalServer(environment, folder / "gunicorn.log") as server,
        Proxy(server.port, server.host, seed) as proxy,
        async_playwright() as playwright,
    ):
        for at in range(first, runs, at_once):
            names = [f"r{number}" for number in range(at, min(at + at_once, runs))]
            learners = [world.make_learner(name, proxy) for name in names]
            await _Batch(world, playwright, server, proxy, learners, at // at_once).run(visits)
            for learner in learners:
                verdict = report.verdicts[learner.seed] = world.judge(learner)
                if not verdict.is_good:
                    story = [*learner.story, *proxy.witnesses[learner.name].story]
                    report.stories[learner.seed] = story
                report.endings.update(learner.ledger.endings)
            report.faults, report.deaths = proxy.counted, server.deaths
            on_batch(report)
    return report


class _World:
    """What the runs are made of."""

    def __init__(
        self, app: Flask, tenant: UUID, courses: Mapping[str, UUID], folder: Path, seed: int
    ) -> None:
        self.app, self.tenant, self.courses, self.folder, self.seed = (
            app,
            tenant,
            courses,
            folder,
            seed,
        )
        self.attempts: dict[str, UUID] = {}

    def make_learner(self, name: str, proxy: Proxy) -> Learner:
        seed = f"{self.seed}/{name}"
        standard = random.Random(seed).choice(["scorm_1_2", "scorm_2004", "scorm_2004"])
        attempt_id = self.attempts[name] = begin(self.tenant, self.courses[standard])
        token = make_token(
            self.tenant, attempt_id, secret=self.app.config["SECRET_KEY"], launch_ref="portal"
        )
        return Learner(name, standard, seed, f"/p/{token}/", proxy)

    def judge(self, learner: Learner) -> Verdict:
        attempt_id = self.attempts[learner.name]
        with transaction(self.tenant) as session:
            attempt = session.get_one(Attempt, attempt_id)
            version = session.get_one(PackageVersion, attempt.package_version_id)
            log = session.scalars(select(CommitLog).where(CommitLog.attempt_id == attempt_id))
            scos = session.scalars(select(AttemptSco).where(AttemptSco.attempt_id == attempt_id))
            rows = in_order(log)
            verdict = judge(learner.ledger, learner.proxy.witnesses[learner.name], rows)
            built = Rebuilt(learner.standard, version.manifest)
            verdict.faults += compare(rows, built, attempt, list(scos))
        return verdict


class _Batch:
    """Some learners, one browser profile, one server."""

    def __init__(
        self,
        world: _World,
        playwright: Playwright,
        server: MortalServer,
        proxy: Proxy,
        learners: list[Learner],
        number: int,
    ) -> None:
        self.playwright, self.server, self.proxy, self.learners = (
            playwright,
            server,
            proxy,
            learners,
        )
        self.chance = random.Random(f"{world.seed} batch {number}")
        self.profile = world.folder / f"profile-{number}"
        self.profile.mkdir(parents=True)

    async def run(self, visits: int) -> None:
        rounds = [self.chance.random() < POWER_CUTS for _ in range(visits)]
        while rounds:
            with running_chromium(self.profile) as chromium:
                context = await self._connect(chromium)
                while rounds:
                    ends_in_power_cut = rounds.pop(0)
                    await self._round(context, chromium if ends_in_power_cut else None)
                    if ends_in_power_cut:
                        break
        await self.proxy.settle()
        self.proxy.is_calm = True
        with running_chromium(self.profile) as chromium:
            context = await self._connect(chromium)
            await asyncio.gather(*(learner.look_again(context) for learner in self.learners))
        self.proxy.is_calm = False

    async def _connect(self, chromium: RunningChromium) -> BrowserContext:
        browser = await self.playwright.chromium.connect_over_cdp(chromium.address)
        return browser.contexts[0]

    async def _round(self, context: BrowserContext, dying: RunningChromium | None) -> None:
        """One visit of everybody; `dying` is the browser that is killed meanwhile."""
        over, tasks = asyncio.Event(), []
        if self.chance.random() < DEATHS:
            tasks.append(self._kill_server(self.chance.random() * 6, self.chance.random() * 2))
        if dying is not None:
            tasks.append(self._cut_power(dying, over, self.chance.random() * 6))
        visits = (learner.visit(context, over) for learner in self.learners)
        await asyncio.gather(*visits, *tasks)

    async def _kill_server(self, moment: float, away: float) -> None:
        await asyncio.sleep(moment)
        await self.server.die(away)

    async def _cut_power(self, chromium: RunningChromium, over: asyncio.Event, at: float) -> None:
        """`at` seconds after most of them have begun; the machine may be slow."""
        before = {learner.name: learner.pages for learner in self.learners}
        while sum(one.pages > before[one.name] for one in self.learners) * 3 < 2 * len(before):
            await asyncio.sleep(0.1)
        await asyncio.sleep(at)
        over.set()
        chromium.kill()


def _list(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.most_common())


def _share(count: int, lost: int) -> str:
    return f"{100 * (count - lost) / (count or 1):.2f} %"
