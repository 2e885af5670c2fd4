"""The run as ADL's test suite wants to play it: a browser's part over a server's part.

The mirror is what the browser has: its own copy of the SCO's data model, whose calls are journal
entries. The server's part is built anew from JSON for every request, as it is from rows.
"""

import json
import random
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ctsharness.engine import EngineAdapter
from ctsharness.player import NavState, TocEntry
from lxml import etree

from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import read_contents
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.read import read_manifest
from scorm_runtime.core.sco_2004 import Sco2004Run
from scorm_runtime.core.sco_report import ItemLaunch, Sco2004State
from scorm_runtime.core.sequenced_run import Learner, SequencedRun
from scorm_runtime.core.sequencing.course import Course, build_course
from scorm_runtime.core.sequencing.requests import CONTROLS
from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.settings import RuntimeSettings

Unload = Callable[[], None]
_RECORDED = {"Initialize": "initialize", "Terminate": "finish", "Commit": "commit"}
STRICT = RuntimeSettings(strict=True)


class Package:
    """One imported course and what is stored of the learner's attempt on it."""

    def __init__(self, directory: Path) -> None:
        data = (directory / "imsmanifest.xml").read_bytes()
        reading = read_manifest(data, _files(data), title="course", limits=ManifestLimits())
        manifest = json.loads(json.dumps(reading.manifest.as_json()))
        self.course: Course = build_course(manifest)
        self.contents = read_contents(reading.manifest.title, manifest)
        self.sequencing: dict[str, Any] = {}
        self.states: dict[str, Any] = {}
        self.delivery = 0


def _files(data: bytes) -> set[str]:
    """The suite's manifests come without their files; what they name is there."""
    base = "{http://www.w3.org/XML/1998/namespace}base"
    found = set()
    for element in etree.fromstring(data).iter("{*}resource", "{*}file"):
        above = [one.get(base, "") for one in reversed(list(element.iterancestors()))]
        href = "".join([*above, element.get(base, ""), element.get("href", "")])
        found.add(urlsplit("".join(href.split())).path)
    return found


class LecternEngine(EngineAdapter):
    """Plays our run."""

    name = "lectern"

    def __init__(self) -> None:
        self.packages: dict[str, Package] = {}
        self.globals: dict[str, Any] = {}
        self.package: Package | None = None
        self.mirror: Sco2004Run | None = None
        self.entries: list[Entry] = []
        self.number = 0
        self.clock = datetime(2026, 1, 1, tzinfo=UTC)
        self.shown: dict[str, Any] = {}
        self.front = ""
        self.is_over = False

    def import_package(self, package: str, directory: str) -> None:
        self.packages[package] = Package(Path(directory))

    def reset_globals(self) -> None:
        self.globals = {}

    def launch(self, package: str, choose: str | None = None) -> None:
        self.package = self.packages[package]
        run = self._load()
        run.open(choose is None)
        if choose is not None:
            run.navigate("choice", choose)
        self._answer(run, delivered=True)

    def delivered(self) -> str | None:
        return self.front or None

    def delivery_id(self) -> int:
        return self.package.delivery if self.package else 0

    def api(self, fn: str, *args: str) -> str:
        assert self.mirror is not None
        arguments = args or (("",) if fn in _RECORDED else ())
        answer = self.mirror.call(fn, *arguments)
        if answer == "true" and fn == "SetValue":
            self._record("set", *args)
        elif answer == "true" and fn in _RECORDED:
            self._record(_RECORDED[fn])
        return answer

    def after_terminate(self, unload: Unload) -> None:
        assert self.mirror is not None
        report = self.mirror.report()
        if report.nav_request or report.exit in ("time-out", "logout"):
            unload()
        self._send()

    def navigate(self, request: str, target: str | None, unload: Unload) -> None:
        unload()
        self._record("navigate", request, target or "")
        self._send()

    def session_ended(self) -> bool:
        return self.is_over

    def nav_state(self) -> NavState:
        self._send()
        assert self.package is not None
        course, choice = self.package.course, self.shown["choice"]
        toc = [
            TocEntry(
                activity.title,
                choice[name] != "hidden",
                choice[name] == "enabled",
                name,
            )
            for name, activity in course.activities.items()
        ]
        return NavState({name: self.shown[name] for name in CONTROLS}, toc)

    def leave(self) -> None:
        if self.package is None:
            return
        self._send()
        run = self._load()
        run.cut_off()
        self._answer(run)
        self.mirror, self.front = None, ""

    def _record(self, op: str, *arguments: str) -> None:
        self.number += 1
        self.entries.append(Entry(self.number, op, arguments))

    def _send(self) -> None:
        if not self.entries:
            return
        run, entries = self._load(), self.entries
        self.entries = []
        run.apply(entries)
        self._answer(run)

    def _load(self) -> SequencedRun:
        assert self.package is not None
        self.clock += timedelta(seconds=1)
        kept = self.package
        return SequencedRun(
            load_table("2004"),
            kept.course,
            kept.contents,
            {name: Sco2004State(**state) for name, state in kept.states.items()},
            STRICT,
            Learner(LearnerGlobals.from_json(self.globals)),
            sequencing=kept.sequencing,
            delivery=kept.delivery,
            now=self.clock,
            randbelow=random.Random(7).randrange,
        )

    def _answer(self, run: SequencedRun, *, delivered: bool = False) -> None:
        kept = self.package
        assert kept is not None
        again = delivered or run.delivery != kept.delivery
        kept.sequencing = json.loads(json.dumps(run.state_json()))
        kept.states |= {
            name: json.loads(json.dumps(asdict(sco.state)))
            for name, sco in run.scos.items()
            if sco.state != sco.loaded
        }
        kept.delivery = run.delivery
        self.globals = json.loads(json.dumps(run.globals.to_json()))
        self.shown, self.is_over = dict(run.nav()), run.ended
        self.front = "" if run.ended else run.current
        if again and self.front:
            self.mirror = self._build_mirror(run)
        if self.mirror is not None:
            self.mirror.set_nav(self.shown)

    def _build_mirror(self, run: SequencedRun) -> Sco2004Run:
        sco = run.scos[run.current]
        who = {"cmi.learner_id": self.learner_id, "cmi.learner_name": self.learner_name}
        state = Sco2004State(**{**asdict(sco.state), "launch": {**sco.launch_values(), **who}})
        return Sco2004Run(load_table("2004"), ItemLaunch(run.current), state, STRICT)
