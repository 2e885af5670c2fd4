"""One learner of the chaos runs: visits an attempt, does random things, is interrupted, returns.

What is done follows from the seed; when it happens, from the machine.
"""

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, Error, Page

from tests.scorm_runtime.chaos.ledger import POWER_CUT, Ledger
from tests.scorm_runtime.chaos.proxy import Proxy

Call = tuple[str, str]
LONGEST = 90
"""Seconds of a visit; the browser is closed after that in any case."""
KINDS = ("comment", "comment", "location", "suspend", "interaction")
LENGTHS = (0, 10, 300, 300, 20_000, 90_000)
"""Of suspend_data: keep-alive requests carry 64 KiB."""
ENDINGS = {"closes": 4, "crashes": 4, "walks away": 2, "leaves": 2, "reloads": 2}
STEPS = {
    "says": 12,
    "commits": 4,
    "waits": 4,
    "moves": 5,
    "asks": 3,
    "offline": 2,
    "reload": 1,
    "second tab": 1,
}
_SAY = """([goodbye, calls]) => {
  const window_ = document.querySelector("#stage iframe")?.contentWindow;
  if (!window_?.chaos) return null;
  if (goodbye) window_.goodbye = goodbye;
  return window_.chaos(calls);
}"""
_FRONT = "[data-state=running] iframe, [data-state=idle], [data-state=ended], [data-overlay]"
_PATIENCE = 180.0
"""Seconds for a page to open, while the server may be away."""
_WITNESS = "(token) => localStorage.getItem(`witness:${token}`)"


class Interrupted(Exception):
    """The window is gone."""


@dataclass
class Learner:
    """A run: one attempt and everything that happens to it."""

    name: str
    standard: str
    seed: str
    path: str
    proxy: Proxy
    ledger: Ledger = field(default_factory=Ledger)
    count: int = 0
    pages: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._began = time.monotonic()
        self._goodbyes: list[tuple[str, int, int]] = []
        self.story: list[str] = []
        """What happened, for people who look into a failure."""
        self._numbers: dict[Page, int] = {}

    async def visit(self, context: BrowserContext, until: asyncio.Event) -> None:
        """Come, do a few things, and be interrupted in some way, or by `until` (a power cut)."""
        how = self.chance.choices(list(ENDINGS), list(ENDINGS.values()))[0]
        steps = self.chance.choices(list(STEPS), list(STEPS.values()), k=self.chance.randint(3, 9))
        visiting = asyncio.ensure_future(self._visit(context, steps, how))
        cut = asyncio.ensure_future(until.wait())
        await asyncio.wait({visiting, cut}, timeout=LONGEST, return_when=asyncio.FIRST_COMPLETED)
        if not visiting.done():
            how = POWER_CUT if until.is_set() else "gives up"
            visiting.cancel()
        cut.cancel()
        await asyncio.wait({visiting}, timeout=10)
        if visiting.done() and not visiting.cancelled():
            _forgive(visiting.exception())
        self.proxy.offline.discard(self.name)
        self.ledger.end_visit(how, self.proxy.witnesses[self.name])

    async def look_again(self, context: BrowserContext) -> None:
        """The visit after everything: what was left behind is delivered."""
        page = await self._open(context)
        for token, number, visit in self._goodbyes:
            if await page.evaluate(_WITNESS, token) == "true":
                self.ledger.tell(token, number, visit)
        await page.wait_for_selector("#save[data-save=saved]", timeout=60_000)
        await page.close()

    async def _visit(self, context: BrowserContext, steps: list[str], how: str) -> None:
        page = await self._open(context)
        with suppress(Interrupted):
            for step in steps:
                page = await self._do(step, page, context)
        await self._end(page, how)

    async def _open(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.set_default_timeout(60_000)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with suppress(Error):
                await page.goto(self.proxy.url(self.name) + self.path)
                await page.wait_for_selector(_FRONT, timeout=20_000)
                if await page.locator("[data-overlay]:visible").count() == 0:
                    self._count_page(page)
                    return page
            if page.is_closed():
                raise Interrupted
            await asyncio.sleep(0.3)
        raise RuntimeError(f"{self.name}: the player does not open at {page.url}")

    def _tell(self, page: Page, what: str) -> None:
        visit, moment = len(self.ledger.endings), time.monotonic() - self._began
        self.story.append(f"{moment:6.2f} visit {visit} page {self._numbers.get(page)}: {what}")

    def _count_page(self, page: Page) -> None:
        """A document of its own: "Saved" speaks of what its content has said."""
        self.pages += 1
        self._numbers[page] = self.pages
        self._tell(page, "opened")

    async def _do(self, step: str, page: Page, context: BrowserContext) -> Page:
        self._tell(page, step)
        if step in ("says", "commits"):
            calls = [self._value() for _ in range(self.chance.randint(1, 4))]
            await self._say(page, calls + [("commit", "")] * (step == "commits"))
        elif step == "waits":
            await asyncio.sleep(self.chance.choice([0.05, 0.3, 1.0, 2.2]))
        elif step == "moves":
            await self._move(page)
        elif step == "asks":
            await self._ask(page)
        elif step == "offline":
            self.proxy.offline.add(self.name)
            await self._say(page, [self._value(), ("commit", "")])
            await asyncio.sleep(self.chance.random() * 2)
            self.proxy.offline.discard(self.name)
        elif step == "reload":
            await self._reload(page)
        else:
            return await self._open_beside(page, context)
        return page

    def _value(self) -> Call:
        kind = self.chance.choice(KINDS)
        self.count += 1
        more = "x" * self.chance.choice(LENGTHS) if kind == "suspend" else ""
        return kind, f"t{self.count};{more}"

    async def _say(self, page: Page, calls: list[Call]) -> None:
        """Let the content call its API; what it is told goes into the ledger."""
        answered = await self._evaluate(page, calls)
        if answered is None:
            return
        if answered["saved"] == "saved":
            self.ledger.saved(self._numbers[page])
        pairs = [
            (text, answer) for (_, text), answer in zip(calls, answered["answers"], strict=True)
        ]
        said = " ".join(f"{text[:30]}={answer}" for text, answer in pairs)
        self._tell(page, f"{answered['saved']}: {said}")
        for text, answer in pairs:
            if answer == "true" and text.startswith("t") and ";" in text:
                self.ledger.tell(text.split(";", 1)[0], self._numbers[page])

    async def _evaluate(self, page: Page, calls: list[Call]) -> dict[str, list[str]] | None:
        goodbye = ""
        if self.chance.random() < 0.3:
            self.count += 1
            goodbye = f"g{self.count}"
            self._goodbyes.append((goodbye, self._numbers[page], len(self.ledger.endings)))
        try:
            return await asyncio.wait_for(page.evaluate(_SAY, [goodbye, calls]), 20)
        except (Error, TimeoutError):
            if page.is_closed() or await _is_dead(page):
                raise Interrupted from None
            return None  # the content was just being replaced

    async def _move(self, page: Page) -> None:
        """A control of the player, where there is one."""
        wanted = self.chance.choice(["continue", "continue", "previous", "A2", "A4", "A6"])
        kind = "activity" if wanted.startswith("A") else "nav"
        control = page.locator(f"[data-scorm-{kind}={wanted}]")
        try:
            if await control.count() == 0 or not await control.is_visible():
                return
            if await control.get_attribute("aria-disabled") == "true":
                return
            await control.dispatch_event("click", timeout=5000)
            if self.chance.random() < 0.7:
                await self._wait_for_front(page)
        except Error:
            if page.is_closed() or await _is_dead(page):
                raise Interrupted from None

    async def _ask(self, page: Page) -> None:
        """The content ends itself, perhaps with a request of its own, and a status."""
        calls = [self._value(), ("status", self.chance.choice(["completed", "incomplete"]))]
        if self.standard == "scorm_2004":
            calls.append(("success", self.chance.choice(["passed", "unknown"])))
            calls.append(
                ("request", self.chance.choice(["continue", "previous", "{target=A5}choice"]))
            )
        await self._say(page, [*calls, ("finish", "")])
        if self.chance.random() < 0.7:
            await self._wait_for_front(page)

    async def _wait_for_front(self, page: Page) -> None:
        try:
            await page.wait_for_selector(_FRONT, timeout=15_000)
        except Error:
            if page.is_closed() or await _is_dead(page):
                raise Interrupted from None

    async def _reload(self, page: Page) -> None:
        with suppress(Error):
            await page.reload(timeout=15_000)
        if await _is_dead(page):
            raise Interrupted
        self._count_page(page)
        await self._wait_for_front(page)

    async def _open_beside(self, page: Page, context: BrowserContext) -> Page:
        """Another tab takes over while the first one's content goes on talking."""
        opening = asyncio.ensure_future(self._open(context))
        opening.add_done_callback(lambda done: done.cancelled() or done.exception())
        while not opening.done():
            await asyncio.sleep(self.chance.random() * 0.05)
            with suppress(Interrupted):
                await self._say(page, [self._value()])
        other = await opening
        with suppress(Error):
            await page.close()
        return other

    async def _end(self, page: Page, how: str) -> None:
        self._tell(page, how)
        with suppress(Error, TimeoutError):
            if how == "closes":
                await page.close()
            elif how == "crashes":
                session = await page.context.new_cdp_session(page)
                await asyncio.wait_for(session.send("Page.crash"), 2)
            elif how == "walks away":
                await page.goto("about:blank")
            elif how == "reloads":
                await page.reload(timeout=15_000, wait_until="commit")
            elif how == "leaves":
                await page.locator("[data-scorm-nav=exitAll]").dispatch_event("click", timeout=2000)
                await page.wait_for_timeout(self.chance.random() * 1000)
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(page.close(), 10)


def _forgive(trouble: BaseException | None) -> None:
    """Windows die here; anything else is a mistake of ours."""
    if trouble is not None and not isinstance(trouble, Error | Interrupted):
        raise trouble


async def _is_dead(page: Page) -> bool:
    try:
        await asyncio.wait_for(page.evaluate("1"), 5)
    except (Error, TimeoutError):
        return True
    return False
