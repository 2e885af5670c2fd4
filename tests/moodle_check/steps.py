"""The check itself, the same on every platform: registration, choice, launch, grade."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Error, Frame

from tests.moodle_check.site import Site, SiteBroken
from tests.moodle_check.tool import SCORE, Tool

PATIENCE = 90.0
"""Seconds that a grade may be on its way."""


@dataclass(frozen=True)
class Result:
    """One step; `failure` is empty when it went well."""

    step: str
    failure: str = ""


@dataclass
class Check:
    """One run against one site."""

    site: Site
    tool: Tool
    title: str = ""
    frames: list[Frame] = field(default_factory=list)

    def run(self) -> Iterator[Result]:
        """The steps' results as they come; each needs those before, so a failure ends the run."""
        steps: list[Callable[[], None]] = [self.register, self.choose, self.launch, self.grade]
        for step in steps:
            name = str(step.__doc__).strip()
            try:
                step()
            except (SiteBroken, Error) as error:
                yield Result(name, str(error).strip())
                return
            yield Result(name)

    def register(self) -> None:
        """The tool registers itself and is switched on"""
        self.site.register_tool(self.tool.registration_address, self.tool.confirm)

    def choose(self) -> None:
        """A teacher chooses content in the tool"""
        self.title = self.site.add_content(self.tool.choose)

    def launch(self) -> None:
        """A student opens it in the frame"""
        self.frames.append(self.site.open_activity(self.title))

    def grade(self) -> None:
        """The grade is in the gradebook"""
        self.tool.finish(self.frames[-1])
        deadline = time.monotonic() + PATIENCE
        while not (shown := self.site.grade_of(self.title)) and time.monotonic() < deadline:
            time.sleep(2)
        found = re.search(r"\d+(\.\d+)?", shown)
        if found is None or float(found[0]) != SCORE:
            raise SiteBroken(f"the gradebook shows {shown!r} for {self.title!r}, not {SCORE}")
