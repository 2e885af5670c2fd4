"""When an import publishes what it made, and when somebody has to look first; settings; reading
again."""

import pytest

from database.session import transaction
from scorm_runtime.core.package_settings import SettingsRefused
from scorm_runtime.models.import_job import PublishPolicy
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services.attempts import open_attempt
from scorm_runtime.services.package_settings import change_settings, get_settings
from scorm_runtime.services.rereading import find_outdated, reread_version
from scorm_runtime.services.versions import list_events
from tests.scorm_runtime.hostile.contents import manifest
from tests.scorm_runtime.hostile.zipbytes import Part, build
from tests.scorm_runtime.playing import NOW, make_user
from tests.scorm_runtime.services.importing import Workshop

CLEAN, REPAIRED = manifest(), manifest("INDEX.html")


@pytest.fixture
def workshop(tenant, tmp_path):
    return Workshop(tenant, tmp_path)


def zipped(document: str, page: bytes = b"<!doctype html>") -> bytes:
    return build([Part(b"imsmanifest.xml", document.encode()), Part(b"index.html", page)])


def bring_in(workshop, data, publish=PublishPolicy.WHEN_CLEAN):
    """(the version, whether it is the one that learners get)."""
    job = workshop.run(workshop.schedule(data, key="course", publish=publish))
    with workshop.transaction() as session:
        version = session.get_one(PackageVersion, job.package_version_id)
        return version, version.package.current_version_id == version.id


def test_a_clean_package_is_published_by_its_import(workshop):
    version, is_current = bring_in(workshop, zipped(CLEAN))
    assert is_current
    assert version.published_at is not None


def test_a_package_that_was_repaired_stays_a_draft_until_somebody_has_seen_the_report(workshop):
    """Nothing is repaired silently. PAIN-24"""
    version, is_current = bring_in(workshop, zipped(REPAIRED))
    assert not is_current
    assert version.published_at is None


@pytest.mark.parametrize(
    ("publish", "document", "expected"),
    [(PublishPolicy.ALWAYS, REPAIRED, True), (PublishPolicy.NEVER, CLEAN, False)],
)
def test_whoever_imports_can_say_so_beforehand(workshop, publish, document, expected):
    assert bring_in(workshop, zipped(document), publish)[1] is expected


def test_a_clean_new_version_waits_where_somebody_is_in_the_middle_of_the_old_one(workshop):
    """A new version asks what happens to attempts in progress. PAIN-25"""
    first, _ = bring_in(workshop, zipped(CLEAN))
    user = make_user(workshop.tenant)
    with workshop.transaction() as session:
        open_attempt(
            session, package_id=first.package_id, user_id=user, context_key="portal", now=NOW
        )
    assert not bring_in(workshop, zipped(CLEAN, b"<p>new"))[1]


def test_a_clean_new_version_is_published_where_nobody_is_in_the_middle(workshop):
    bring_in(workshop, zipped(CLEAN))
    version, is_current = bring_in(workshop, zipped(CLEAN, b"<p>new"))
    assert is_current
    with workshop.transaction() as session:
        kinds = [event.kind for event in list_events(session, version.package_id)]
    assert sorted(kinds) == ["imported", "imported", "published", "published"]


# ── settings ─────────────────────────────────────────────────────────────────────────────────


def test_a_change_of_settings_is_stored_checked_and_in_the_history(workshop):
    version, _ = bring_in(workshop, zipped(CLEAN))
    user = make_user(workshop.tenant)
    with workshop.transaction() as session:
        change_settings(session, version.package_id, {"max_attempts": 3}, made_by=user)
    with workshop.transaction() as session:
        assert get_settings(session, version.package_id).max_attempts == 3
        event = list_events(session, version.package_id)[0]
        assert (event.kind, event.made_by) == ("settings", user)
        assert event.details == {"before": {}, "after": {"max_attempts": 3}}


def test_settings_that_are_refused_change_nothing(workshop):
    version, _ = bring_in(workshop, zipped(CLEAN))
    with workshop.transaction() as session, pytest.raises(SettingsRefused):
        change_settings(session, version.package_id, {"max_attempts": -3}, made_by=None)
    with workshop.transaction() as session:
        assert session.get_one(Package, version.package_id).settings == {}


def test_settings_saved_unchanged_leave_no_trace(workshop):
    version, _ = bring_in(workshop, zipped(CLEAN))
    with workshop.transaction() as session:
        change_settings(session, version.package_id, {"open_in": "frame"}, made_by=None)
        assert "settings" not in [e.kind for e in list_events(session, version.package_id)]


# ── reading again ────────────────────────────────────────────────────────────────────────────


def test_what_an_older_reader_has_read_is_read_again_from_its_files(workshop):
    """SCORM 2004 that was stored before it could be played becomes playable."""
    version, _ = bring_in(
        workshop, zipped(manifest(version="2004 4th Edition")), PublishPolicy.ALWAYS
    )
    with workshop.transaction() as session:
        stored = session.get_one(PackageVersion, version.id)
        stored.read_by, stored.manifest = 1, {"scos": []}
        stored.playable, stored.not_playable_reason = False, "scorm_2004_pending"

    with workshop.transaction() as session:
        assert list(find_outdated(session)) == [version.id]
    assert reread_version(workshop.transaction, workshop.storage, version.id)
    with workshop.transaction() as session:
        again = session.get_one(PackageVersion, version.id)
        assert (again.playable, again.not_playable_reason) == (True, "")
        assert again.manifest["items"][0]["sequencing"]
        assert list_events(session, version.package_id)[0].kind == "reread"
        assert list(find_outdated(session)) == []
    assert not reread_version(workshop.transaction, workshop.storage, version.id)


def test_what_the_new_reader_refuses_stays_as_it_was(workshop):
    version, _ = bring_in(workshop, zipped(CLEAN))
    workshop.storage.put(f"{version.storage_prefix}imsmanifest.xml", [b"<broken"])
    with workshop.transaction() as session:
        session.get_one(PackageVersion, version.id).read_by = 1
    assert not reread_version(workshop.transaction, workshop.storage, version.id)
    with transaction(workshop.tenant) as session:
        assert session.get_one(PackageVersion, version.id).manifest == version.manifest
        assert list(find_outdated(session)) == []
