"""Importing packages and finding them again."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from scorm_runtime.models.import_job import ImportState
from scorm_runtime.services import import_rows, packages
from scorm_runtime.services.errors import InvalidPackageKey, PackageNotFound, TitleMissing
from scorm_runtime.storage.local import LocalStorage
from tests.scorm_runtime.hostile import contents
from tests.scorm_runtime.hostile.corpus import LIMITS, MANIFEST_LIMITS, cases, good_parts
from tests.scorm_runtime.hostile.zipbytes import Part, build
from tests.scorm_runtime.playing import make_user
from tests.scorm_runtime.services.importing import START, RunningClock, Workshop


@pytest.fixture
def workshop(tenant, tmp_path: Path) -> Workshop:
    return Workshop(tenant, tmp_path)


def package(page: str = "<!doctype html>", **manifest: object) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("imsmanifest.xml", contents.manifest(**manifest))
        made.writestr("index.html", page)
    return file.getvalue()


def test_an_imported_package_has_a_version_with_files_manifest_and_the_original_zip(workshop):
    data = package()

    job = workshop.bring_in(data, "My course.zip")

    version = job.package_version
    assert (job.state, job.stage, job.error_code) == (ImportState.DONE, "publish", "")
    assert (version.number, version.standard, version.playable) == (1, "scorm_1_2", True)
    assert (version.entry, version.file_count) == ("index.html", 2)
    assert [sco["title"] for sco in version.manifest["scos"]] == ["T"]
    assert version.package.key == "t"
    assert version.package.current_version_id == version.id
    page = b"".join(workshop.storage.read(f"{version.storage_prefix}index.html"))
    assert page == b"<!doctype html>"
    assert b"".join(workshop.storage.read(version.zip_key)) == data
    assert len(workshop.files()) == 3


def test_the_same_zip_again_is_the_same_version(workshop):
    first = workshop.bring_in(package())
    before = workshop.files()
    again = workshop.bring_in(package(), "copy.zip")

    assert (again.state, again.repeated) == (ImportState.DONE, True)
    assert again.package_version_id == first.package_version_id
    assert not first.repeated
    assert workshop.files() == before


def test_another_zip_for_the_same_package_is_its_next_version(workshop):
    """PAIN-25: the earlier version stays as it is."""
    first = workshop.bring_in(package(), key="my-course")
    second = workshop.bring_in(package("<!doctype html><p>new"), key="my-course")

    assert [first.package_version.number, second.package_version.number] == [1, 2]
    assert first.package_version.package_id == second.package_version.package_id
    with workshop.transaction() as session:
        found = packages.find_package_by_key(session, "my-course")
        versions = packages.list_versions(session, found.id)
    assert found.current_version_id == second.package_version_id
    assert [version.number for version in versions] == [2, 1]
    old = f"{first.package_version.storage_prefix}index.html"
    assert b"".join(workshop.storage.read(old)) == b"<!doctype html>"


def test_packages_of_the_same_title_get_keys_of_their_own(workshop):
    keys = [workshop.bring_in(package(f"<p>{n}")).package_version.package.key for n in range(3)]

    assert keys == ["t", "t-2", "t-3"]


def test_a_title_becomes_a_slug():
    assert import_rows.slugify("Über Café & Co: Teil 1!") == "uber-cafe-co-teil-1"
    assert import_rows.slugify("日本語") == "package"
    assert len(import_rows.slugify("long " * 100)) <= 60


def test_a_key_that_is_no_slug_is_refused_before_anything_is_written(session):
    for key in ("Up", "a b", "../x", "-x", "x" * 101):
        with pytest.raises(InvalidPackageKey):
            packages.schedule_import(
                session, file_name="x.zip", stored_key="k", created_by=None, package_key=key
            )


def test_scorm_2004_is_imported_with_its_sequencing_and_can_be_played(workshop):
    job = workshop.bring_in(package(version="2004 4th Edition"))

    version = job.package_version
    assert (version.standard, version.playable, version.report) == ("scorm_2004", True, [])
    assert version.manifest["organization"]["sequencing"]["control_mode"]["choice"]


def test_every_hostile_zip_ends_as_a_failed_import_and_leaves_nothing_behind(workshop):
    """PAIN-23: nothing outside the storage, nothing in it, no package, the reason in the row."""
    good = workshop.bring_in(build(good_parts()))
    files = workshop.files()
    limits = {"archive_limits": LIMITS, "manifest_limits": MANIFEST_LIMITS}

    wrong = []
    for case in cases():
        job = workshop.bring_in(case.data, f"{case.name}.zip", **limits)
        seen = (job.state, job.error_code, job.package_version_id)
        if seen != (ImportState.FAILED, case.code, None) or workshop.files() != files:
            wrong.append((case.name, seen))
            files = workshop.files()
        assert job.error_message
        assert job.report[-1]["level"] == "error"

    assert wrong == []
    with workshop.transaction() as session:
        assert [p.id for p in packages.list_packages(session)] == [good.package_version.package_id]


def test_an_import_says_how_far_it_is(workshop):
    seen = []

    class Watching(LocalStorage):
        def put(self, key, chunks):
            size = super().put(key, chunks)
            if key.startswith("staging/"):
                job = workshop.job(job_id)
                seen.append((job.state, job.stage, job.done, job.total))
            return size

    parts = [Part(b"%d.bin" % n, bytes([n]) * 1000, method=0) for n in range(20)]
    job_id = workshop.schedule(build([*good_parts(), *parts]))
    workshop.storage = Watching(workshop.folder / "storage")
    workshop.run(job_id)

    assert {(state, stage) for state, stage, _, _ in seen} == {("running", "extract")}
    done = [done for _, _, done, _ in seen]
    assert done == sorted(done)
    assert 0 < done[-1] <= seen[-1][3]


def test_running_an_import_twice_changes_nothing(workshop):
    job = workshop.bring_in(package())
    files = workshop.files()

    again = workshop.run(job.id)

    assert (again.tries, again.package_version_id) == (1, job.package_version_id)
    assert workshop.files() == files


def test_an_import_whose_worker_died_is_found_and_started_over(workshop):
    job_id = workshop.schedule(package())
    with workshop.transaction() as session:
        claim = import_rows.claim(session, job_id, now=START)
    workshop.storage.put(f"staging/{job_id}/1/files/half.html", [b"half"])

    with workshop.transaction() as session:
        soon = packages.find_unfinished_imports(session, now=START + timedelta(seconds=60))
    assert job_id not in soon
    assert workshop.run(job_id).state == ImportState.RUNNING

    workshop.clock = RunningClock(START + timedelta(days=300))
    with workshop.transaction() as session:
        assert job_id in packages.find_unfinished_imports(session, now=workshop.clock())
    job = workshop.run(job_id)

    assert (job.state, job.tries, claim.number) == (ImportState.DONE, 2, 1)
    assert not any("half" in name or "staging" in name for name in workshop.files())


def test_a_worker_that_was_overtaken_stops_and_leaves_the_others_work_alone(workshop):
    """The slow one notices when it wants to record its version."""
    job_id = workshop.schedule(package())

    class Slow(LocalStorage):
        def publish(self, prefix, new_prefix):
            workshop.clock = RunningClock(START + timedelta(hours=1))
            workshop.storage = LocalStorage(workshop.folder / "storage")
            workshop.run(job_id)
            super().publish(prefix, new_prefix)

    slow = Slow(workshop.folder / "storage")
    packages.run_import(workshop.transaction, slow, job_id, now=workshop.clock)

    job = workshop.job(job_id)
    assert (job.state, job.tries, job.package_version.number) == (ImportState.DONE, 2, 1)
    assert len(workshop.files()) == 3


def test_a_broken_storage_puts_the_import_back_and_after_three_tries_it_has_failed(workshop):
    class Full(LocalStorage):
        def publish(self, prefix, new_prefix):
            raise OSError(28, "No space left on device")

    job_id = workshop.schedule(package())
    workshop.storage = Full(workshop.folder / "storage")
    states = []
    for _ in range(3):
        with pytest.raises(OSError, match="No space"):
            workshop.run(job_id)
        states.append(workshop.job(job_id).state)

    assert states == ["waiting", "waiting", "failed"]
    assert workshop.job(job_id).error_code == "import_gave_up"
    assert workshop.files() == []


def test_a_commit_whose_answer_was_lost_keeps_the_files_of_the_version(workshop):
    """The connection breaks after COMMIT: the row exists, so the files must."""
    job_id = workshop.schedule(package())

    class Breaking(LocalStorage):
        def delete(self, key):
            if key.startswith("uploads/"):
                raise OSError("the connection is gone")
            super().delete(key)

    workshop.storage = Breaking(workshop.folder / "storage")
    with pytest.raises(OSError, match="gone"):
        workshop.run(job_id)

    job = workshop.job(job_id)
    assert job.state == ImportState.DONE
    assert workshop.storage.stat(f"{job.package_version.storage_prefix}index.html").size > 0


def test_a_missing_upload_is_a_named_failure(workshop):
    job_id = workshop.schedule(package())
    workshop.storage.delete_prefix("uploads/")

    assert workshop.run(job_id).error_code == "upload_missing"


def test_a_folder_around_everything_is_taken_off(workshop):
    """PAIN-24"""
    parts = [Part(b"My course/" + part.name, part.data) for part in good_parts()]
    job = workshop.bring_in(build([*parts, Part(b"__MACOSX/My course/._x"), Part(b"readme.txt")]))

    version = job.package_version
    assert version.entry == "index.html"
    assert version.file_count == 2
    found = [finding["code"] for finding in version.report]
    assert found == ["junk_left_out", "root_nested", "files_outside_root"]


def test_an_upload_that_grows_too_large_is_stopped_and_not_kept(workshop):
    from scorm_runtime.core.archive.errors import ZipTooLarge

    with pytest.raises(ZipTooLarge):
        packages.receive_upload(
            workshop.storage, workshop.tenant, (bytes(1000) for _ in range(100)), max_bytes=5000
        )
    assert workshop.files() == []


def test_packages_are_listed_published_searched_archived_and_restored(workshop):
    job = workshop.bring_in(package(), key="one")
    one = job.package_version.package_id
    workshop.bring_in(package("<p>2"), key="two")

    with workshop.transaction() as session:
        packages.edit_package(session, one, title="A first course", description="50% of it_")
        packages.publish_package(session, one)
        with pytest.raises(TitleMissing):
            packages.edit_package(session, one, title=" ")
    with workshop.transaction() as session:
        assert [p.key for p in packages.list_packages(session)] == ["one", "two"]
        assert [p.key for p in packages.list_packages(session) if p.is_published] == ["one"]
        assert [p.key for p in packages.list_packages(session, search="FIRST")] == ["one"]
        assert packages.list_packages(session, search="0% of it_x") == []
        packages.archive_package(session, one, now=START)
        assert [p.key for p in packages.list_packages(session)] == ["two"]
        assert [p.key for p in packages.list_packages(session, archived=True)] == ["one"]
        packages.restore_package(session, one)
        assert len(packages.list_packages(session)) == 2
        assert len(packages.list_imports(session)) == 2


def test_what_does_not_exist_is_said_by_name(session, tenant):
    assert packages.find_package_by_key(session, "never") is None
    for get in (packages.get_package, packages.get_import):
        with pytest.raises(PackageNotFound):
            get(session, tenant)


def test_packages_of_one_tenant_are_not_seen_by_another(workshop, other_tenant):
    workshop.bring_in(package(), key="mine")
    other = Workshop(other_tenant, workshop.folder)

    with other.transaction() as session:
        assert packages.list_packages(session) == []
        assert packages.find_package_by_key(session, "mine") is None


def test_the_same_zip_of_somebody_else_brings_no_archived_package_back(workshop):
    """Uploading is allowed to more people than restoring."""
    data = package()
    version = workshop.bring_in(data).package_version
    with workshop.transaction() as session:
        packages.archive_package(session, version.package_id, now=workshop.clock())
    job_id = workshop.schedule(data)
    with workshop.transaction() as session:
        packages.get_import(session, job_id).created_by = make_user(workshop.tenant)
    assert workshop.run(job_id).repeated
    with workshop.transaction() as session:
        assert packages.get_package(session, version.package_id).archived_at is not None
    workshop.bring_in(data)
    with workshop.transaction() as session:
        assert packages.get_package(session, version.package_id).archived_at is None
