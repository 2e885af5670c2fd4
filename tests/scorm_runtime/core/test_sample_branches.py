"""The sample with branches, played by the engine alone: it teaches only what is not known."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from content.samples.build import build_sample
from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import read_contents
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.read import read_manifest
from scorm_runtime.core.sequenced_run import Learner, SequencedRun
from scorm_runtime.core.sequencing.course import build_course
from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.settings import RuntimeSettings

TOPICS = ("light", "water", "soil")


class Learning:
    """Somebody who plays the course."""

    def __init__(self):
        made = zipfile.ZipFile(io.BytesIO(build_sample("demo-branches")))
        stored = read_manifest(
            made.read("imsmanifest.xml"), made.namelist(), title="", limits=ManifestLimits()
        ).manifest.as_json()
        self.number = 0
        self.run = SequencedRun(
            load_table("2004"),
            build_course(stored),
            read_contents("", stored),
            {},
            RuntimeSettings(),
            Learner(LearnerGlobals.from_json({})),
            now=datetime(2026, 11, 22, tzinfo=UTC),
            randbelow=lambda n: 0,
        )
        self.run.open(True)

    def report(self, **values):
        """The SCO in front sets `values`, asks to go on, and ends."""
        calls = [("initialize",)]
        calls += [("set", name, value) for name, value in values.items()]
        calls += [("set", "adl.nav.request", "continue"), ("finish",)]
        entries = []
        for op, *arguments in calls:
            self.number += 1
            entries.append(Entry(self.number, op, tuple(arguments)))
        self.run.apply(entries)
        return "" if self.run.ended else self.run.current

    def first_test(self, *known):
        found = {
            f"cmi.objectives.{index}.success_status": "passed" if topic in known else "failed"
            for index, topic in enumerate(TOPICS, start=1)
        }
        return self.report(**{"cmi.completion_status": "completed"}, **found)

    def read(self):
        return self.report(**{"cmi.completion_status": "completed"})

    def last_test(self, score):
        said = {"cmi.score.scaled": score, "cmi.completion_status": "completed"}
        return self.report(**said)


@pytest.mark.parametrize(
    "known", [(), ("light",), ("water", "soil"), ("light", "soil"), TOPICS], ids=str
)
def test_only_lessons_on_what_is_not_known_are_shown(known):
    learning = Learning()
    shown = []
    item = learning.first_test(*known)
    while item.startswith("lesson-"):
        shown.append(item)
        item = learning.read()
    assert shown == [f"lesson-{topic}" for topic in TOPICS if topic not in known]
    assert item == "post-test"


def test_the_last_test_is_repeated_until_it_is_passed_and_decides():
    learning = Learning()
    assert learning.first_test(*TOPICS) == "post-test"
    before = learning.run.delivery
    assert learning.last_test("0.33") == "post-test"
    assert learning.run.delivery > before
    assert learning.last_test("0.67") == ""
    standing = learning.run.standing()
    assert (standing.success, standing.completion) == ("passed", "completed")
