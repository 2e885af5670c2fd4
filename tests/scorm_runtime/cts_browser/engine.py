"""A real browser as the engine of ADL's cases: everything through the player page contract.

The harness thinks that it plays the SCO; here the SCO is a page (`sco.js`) in the player's frame,
and its calls are made there. What it does on unload stands in the page itself, so the harness's
own goodbye is only noted.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ctsharness.engine import ON_UNLOAD, EngineAdapter
from ctsharness.player import NavState, TocEntry
from playwright.sync_api import Frame, Page

from tests.scorm_runtime.cts_browser.packages import build_package

Unload = Callable[[], None]
CONTROLS = ("continue", "previous", "exit", "exitAll", "abandon", "abandonAll", "suspendAll")
_SETTLED = """(seen) => {
  const { state, delivery } = document.body.dataset;
  if (state === "starting" || state === undefined) return false;
  return state !== "running" || Number(delivery) > seen;
}"""
_QUIET = "() => document.body.dataset.state !== 'starting'"
_LOOK = """(names) => {
  const shown = (element) => element.checkVisibility();
  const off = (element) => element.disabled || element.getAttribute("aria-disabled") === "true";
  const controls = {};
  for (const name of names) {
    const element = document.querySelector(`[data-scorm-nav="${name}"]`);
    const isShown = element && shown(element);
    controls[name] = !isShown ? "hidden" : off(element) ? "disabled" : "enabled";
  }
  const entries = [...document.querySelectorAll("[data-scorm-activity]")].map((element) =>
    [element.textContent.trim(), shown(element), !off(element), element.dataset.scormActivity]);
  return [controls, entries];
}"""


class BrowserEngine(EngineAdapter):
    """Plays the player."""

    name = "lectern in a browser"

    def __init__(
        self,
        page: Page,
        learner: str,
        learner_name: str,
        bring_in: Callable[[bytes], Callable[[], str]],
        forget: Callable[[], None],
    ) -> None:
        """`bring_in` imports a zip and answers what tells where its attempt is played; `forget`
        wipes what the learner carries from course to course."""
        self.page, self.learner_id, self.learner_name = page, learner, learner_name
        self._bring_in, self._forget = bring_in, forget
        self._addresses: dict[str, Callable[[], str]] = {}
        self._frame: Frame | None = None
        self._seen = 0
        self._mute = False

    def import_package(self, package: str, directory: str) -> None:
        self._addresses[package] = self._bring_in(build_package(Path(directory), dict(ON_UNLOAD)))

    def reset_globals(self) -> None:
        self._forget()

    def launch(self, package: str, choose: str | None = None) -> None:
        query = "?start=contents" if choose else ""
        self._seen, self._frame = 0, None
        self.page.goto(f"{self._addresses[package]()}{query}")
        self._until(_SETTLED, 0)
        if choose:
            self._take(f'[data-scorm-activity="{choose}"]')

    def delivered(self) -> str | None:
        self._until(_QUIET, 0)
        if self._data("state") != "running":
            return None
        return self._data("activity") or None

    def delivery_id(self) -> Any:
        return self._data("delivery")

    def api(self, fn: str, *args: str) -> str:
        if self._mute:
            return "true"
        answer: str = self._content().evaluate(
            "([name, args]) => window.api[name](...args)", [fn, list(args)]
        )
        return answer

    def after_terminate(self, unload: Unload) -> None:
        self._silently(unload)
        self.page.wait_for_timeout(60)  # the player looks for adl.nav.request after the call
        self._until(_QUIET, 0)

    def navigate(self, request: str, target: str | None, unload: Unload) -> None:
        self._silently(unload)
        if request == "choice":
            self._take(f'[data-scorm-activity="{target}"]')
        else:
            self._take(f'[data-scorm-nav="{request}"]')

    def session_ended(self) -> bool:
        return self._data("state") == "ended"

    def nav_state(self) -> NavState:
        self.page.wait_for_selector("#save[data-save=saved]")
        controls, entries = self.page.evaluate(_LOOK, list(CONTROLS))
        return NavState(controls, [TocEntry(*entry) for entry in entries])

    def leave(self) -> None:
        self.page.goto("about:blank")

    def _take(self, selector: str) -> None:
        seen = int(self._data("delivery") or 0)
        self.page.wait_for_selector("#save[data-save=saved]")
        self.page.click(selector)
        self._until(_SETTLED, seen)

    def _until(self, condition: str, argument: int) -> None:
        """Look until it holds; Playwright's own waiting uses eval, which the player forbids."""
        end = time.monotonic() + 20
        while not self.page.evaluate(condition, argument):
            if time.monotonic() > end:
                raise TimeoutError(condition)
            self.page.wait_for_timeout(15)

    def _content(self) -> Frame:
        delivery = int(self._data("delivery") or 0)
        if self._frame is None or self._seen != delivery:
            self.page.wait_for_selector("iframe")
            self._frame = self.page.frames[-1]
            self._frame.wait_for_function("window.perform !== undefined")
            self._seen = delivery
        return self._frame

    def _data(self, name: str) -> str:
        found: str = self.page.evaluate("(name) => document.body.dataset[name] ?? ''", name)
        return found

    def _silently(self, unload: Unload) -> None:
        self._mute = True
        try:
            unload()
        finally:
            self._mute = False
