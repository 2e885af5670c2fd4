"""Packages that other people's tools make have to come in as they are."""

from pathlib import Path

import pytest

from scorm_runtime.models.import_job import ImportState
from tests.scorm_runtime.real_packages import TITLE, VERSIONS, real_package
from tests.scorm_runtime.services.importing import Workshop


@pytest.mark.parametrize("version", VERSIONS)
def test_what_simple_scorm_packager_makes_is_imported_without_a_repair(
    version: str, tenant, tmp_path: Path
):
    """PAIN-24"""
    built = real_package(version, tmp_path)
    workshop = Workshop(tenant, tmp_path / "workshop")

    job = workshop.bring_in(built.read_bytes(), built.name)

    assert (job.state, job.error_message) == (ImportState.DONE, "")
    made = job.package_version
    assert made.package.title == TITLE
    assert made.package.description == "Built while the tests run"
    assert made.schema_version == version
    assert made.entry == "index.html"
    assert made.playable
    levels = {finding["level"] for finding in made.report} - {"note"}
    assert levels == set()
    names = {key.removeprefix(made.storage_prefix) for key in _keys(workshop, made)}
    assert {"lib/pipwerks.js", "pictures & sound/über uns.txt"} <= names


def test_the_mastery_score_of_simple_scorm_packager_reaches_the_player(tenant, tmp_path: Path):
    built = real_package("1.2", tmp_path)

    job = Workshop(tenant, tmp_path / "workshop").bring_in(built.read_bytes(), built.name)

    assert [sco["mastery_score"] for sco in job.package_version.manifest["scos"]] == [80]


def _keys(workshop: Workshop, version) -> list[str]:
    return list(workshop.storage.list(version.storage_prefix))
