"""Which version a learner plays when there is a newer one."""

import pytest

from database.session import transaction
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package, PackageVersion, RunningAttempts
from scorm_runtime.services.attempts import open_attempt
from scorm_runtime.services.errors import PackageNotFound
from scorm_runtime.services.versions import (
    get_version,
    have_same_structure,
    list_events,
    list_in_progress,
    publish_version,
    version_for,
)
from tests.scorm_runtime.playing import NOW, make_package, make_user

SAME = [{"identifier": "intro", "items": [{"identifier": "a"}]}]
OTHER = [{"identifier": "intro", "items": [{"identifier": "b"}]}]


class Shelf:
    """A package with version 1 in use, a learner in the middle of it, and a draft version 2."""

    def __init__(self, tenant, items=SAME):
        self.tenant = tenant
        self.package_id, self.user_id = make_package(tenant), make_user(tenant)
        with transaction(tenant) as session:
            first = get_version(session, self.package_id, 1)
            first.manifest = {**first.manifest, "items": SAME}
            copied = {
                column.name: getattr(first, column.name)
                for column in PackageVersion.__table__.columns
                if column.name not in ("id", "number", "sha256", "manifest", "created_at")
            }
            manifest = {**first.manifest, "items": items}
            session.add(PackageVersion(**copied, number=2, sha256="2" * 64, manifest=manifest))
            open_attempt(
                session,
                package_id=self.package_id,
                user_id=self.user_id,
                context_key="portal",
                now=NOW,
            )

    def publish(self, number, running_attempts):
        with transaction(self.tenant) as session:
            publish_version(
                session,
                get_version(session, self.package_id, number),
                running_attempts=running_attempts,
                made_by=self.user_id,
                now=NOW,
            )

    def choose(self, **changes):
        """(number of the version, action) for the learner's attempt, `changes` made to it."""
        with transaction(self.tenant) as session:
            attempt = session.query(Attempt).filter_by(package_id=self.package_id).one()
            for name, value in changes.items():
                setattr(attempt, name, value)
            package = session.get_one(Package, self.package_id)
            choice = version_for(session, package, attempt)
            return session.get_one(PackageVersion, choice.version_id).number, choice.action

    def set(self, **settings):
        with transaction(self.tenant) as session:
            session.get_one(Package, self.package_id).settings = settings


def test_a_draft_changes_nothing_for_anybody(tenant):
    shelf = Shelf(tenant)
    assert shelf.choose() == (1, "keep")


@pytest.mark.parametrize(
    ("said", "items", "expected"),
    [
        (RunningAttempts.KEEP, SAME, (1, "keep")),
        (RunningAttempts.NEW_ATTEMPT, OTHER, (2, "new_attempt")),
        (RunningAttempts.MOVE, SAME, (2, "move")),
        (RunningAttempts.MOVE, OTHER, (1, "keep")),
    ],
)
def test_what_was_said_at_publishing_holds_for_attempts_in_progress(tenant, said, items, expected):
    """A new version asks what happens to them. PAIN-25"""
    shelf = Shelf(tenant, items)
    shelf.publish(2, said)
    assert shelf.choose() == expected


@pytest.mark.parametrize("done", [{"completion": "completed"}, {"success": "failed"}])
def test_a_finished_attempt_stays_on_its_version_whatever_was_said(tenant, done):
    shelf = Shelf(tenant)
    shelf.publish(2, RunningAttempts.NEW_ATTEMPT)
    assert shelf.choose(**done) == (1, "keep")


def test_a_package_may_want_a_new_attempt_on_each_new_version(tenant):
    shelf = Shelf(tenant)
    shelf.set(attempt_policy="new_on_new_version")
    shelf.publish(2, RunningAttempts.KEEP)
    assert shelf.choose(completion="completed") == (2, "new_attempt")


def test_who_has_no_attempt_starts_with_the_published_version(tenant):
    shelf = Shelf(tenant)
    shelf.publish(2, RunningAttempts.KEEP)
    with transaction(tenant) as session:
        package = session.get_one(Package, shelf.package_id)
        choice = version_for(session, package, None)
        assert choice.action == "keep"
        assert choice.version_id == get_version(session, shelf.package_id, 2).id


def test_going_back_to_an_earlier_version_is_publishing_it_again(tenant):
    shelf = Shelf(tenant)
    shelf.publish(2, RunningAttempts.MOVE)
    shelf.publish(1, RunningAttempts.KEEP)
    assert shelf.choose() == (1, "keep")
    with transaction(tenant) as session:
        events = list_events(session, shelf.package_id)
        assert [(e.details["before"], e.details["number"]) for e in events] == [(2, 1), (1, 2)]
        assert events[1].details["in_progress"] == {"1": 1}
        assert events[1].details["running_attempts"] == "move"
        assert {event.made_by for event in events} == {shelf.user_id}


def test_whoever_publishes_hears_how_many_are_in_the_middle_and_whether_they_could_move(tenant):
    for items, can_move in ((SAME, True), (OTHER, False)):
        shelf = Shelf(tenant, items)
        with transaction(tenant) as session:
            (entry,) = list_in_progress(session, get_version(session, shelf.package_id, 2))
        assert (entry.version.number, entry.attempts, entry.can_move) == (1, 1, can_move)


def test_versions_of_different_standards_never_share_a_structure():
    one = {"standard": "scorm_1_2", "items": SAME}
    assert have_same_structure(one, dict(one))
    assert not have_same_structure(one, {**one, "standard": "scorm_2004"})


def test_a_version_that_is_not_there_is_named(tenant):
    with transaction(tenant) as session, pytest.raises(PackageNotFound, match="no version 7"):
        get_version(session, make_package(tenant), 7)
