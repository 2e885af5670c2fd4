"""Packages of SCORM 2004's 2nd and 3rd Edition that use what the 4th has brought (SD-06)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from scorm_runtime.core.cmi.table import load_table
from scorm_runtime.core.contents import read_contents
from scorm_runtime.core.editions import edition_of
from scorm_runtime.core.findings import Level
from scorm_runtime.core.journal import Entry
from scorm_runtime.core.manifest.report import Report
from scorm_runtime.core.manifest.standard import note_later_editions
from scorm_runtime.core.sequenced_run import Learner, SequencedRun
from scorm_runtime.core.sequencing.course import build_course
from scorm_runtime.core.sequencing.state import LearnerGlobals
from scorm_runtime.core.settings import RuntimeSettings
from tests.scorm_runtime.core.sequencing.trees import manifest, node


@pytest.mark.parametrize(
    ("written", "edition"),
    [
        ("2004 4th Edition", 4),
        ("2004 3rd Edition", 3),
        ("2004 2nd Edition", 2),
        ("CAM 1.3", 2),
        ("1.3", 2),
        ("2004", 4),
        ("", 4),
    ],
)
def test_the_schema_version_tells_the_edition(written: str, edition: int):
    """What says nothing about it is taken for the one that has everything."""
    assert edition_of(written) == edition


def jump(version: str, **switches: bool) -> tuple[str, list[str]]:
    """A SCO of such a package jumps; where that leads, and the remarks in the call log."""
    stores = [{"target_id": "s1", "read": True, "write": True}]
    tree: dict[str, Any] = manifest(node("R", node("A", data=stores), node("B"), choice=False))
    tree |= {
        "schema_version": version,
        "scos": [{"identifier": name, "scorm_type": "sco"} for name in "AB"],
    }
    run = SequencedRun(
        load_table("2004"),
        build_course(tree),
        read_contents("course", tree),
        {},
        RuntimeSettings(**switches),
        Learner(LearnerGlobals()),
        now=datetime(2026, 1, 1, tzinfo=UTC),
        randbelow=lambda n: 0,
    )
    run.open(start=True)
    remarks = run.apply(
        [
            Entry(1, "initialize"),
            Entry(2, "set", ("adl.data.0.store", "kept")),
            Entry(3, "set", ("adl.nav.request", "{target=B}jump")),
            Entry(4, "finish"),
        ]
    )
    return run.current, [remark.code for remark in remarks]


def test_a_package_of_the_3rd_edition_may_jump_with_a_line_in_its_call_log():
    assert jump("2004 3rd Edition") == ("B", ["0", "0"])


def test_a_package_of_the_4th_edition_jumps_without_one():
    assert jump("2004 4th Edition") == jump("2004 4th Edition", strict=True) == ("B", [])


def test_by_the_letter_a_package_of_the_3rd_edition_does_not_jump():
    """adl.data is no element of it (401), jump no request (406)."""
    assert jump("2004 3rd Edition", strict=True) == ("A", ["401", "406"])


@pytest.mark.parametrize(
    ("inside", "used"),
    [
        ('<adlcp:data><adlcp:map targetID="s1"/></adlcp:data>', "data stores"),
        ("<adlseq:objectives/>", "objective maps"),
        ('<adlcp:completionThreshold completedByMeasure="true"/>', "completion by measure"),
        ("<adlcp:completionThreshold>0.5</adlcp:completionThreshold>", ""),
        ("<imsss:objectives/>", ""),
    ],
)
def test_the_report_names_what_the_manifests_own_edition_does_not_have(inside: str, used: str):
    spaces = (
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"'
        ' xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"'
        ' xmlns:imsss="http://www.imsglobal.org/xsd/imsss"'
    )
    root = etree.fromstring(f"<manifest {spaces}><item>{inside}</item></manifest>")
    old, new = Report(10), Report(10)
    note_later_editions(root, "2004 3rd Edition", old)
    note_later_editions(root, "2004 4th Edition", new)
    assert new.findings == ()
    assert [(one.level, used in one.message) for one in old.findings] == (
        [(Level.NOTE, True)] if used else []
    )
