"""Opening attempts."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from database.session import transaction
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services.attempts import (
    AttemptMissing,
    PackageUnavailable,
    get_attempt,
    list_attempts,
    open_attempt,
    start_attempt,
)
from tests.scorm_runtime.playing import NOW, make_package, make_user


def open_for(tenant, package, user, context_key="portal"):
    with transaction(tenant) as session:
        return open_attempt(
            session, package_id=package, user_id=user, context_key=context_key, now=NOW
        )


def test_the_first_opening_creates_attempt_1(tenant):
    attempt = open_for(tenant, make_package(tenant), make_user(tenant))
    assert (attempt.number, attempt.completion, attempt.writer) == (1, "not attempted", 0)


def test_opening_again_resumes_the_same_attempt(tenant):
    """PAIN-10"""
    package, user = make_package(tenant), make_user(tenant)
    assert open_for(tenant, package, user).id == open_for(tenant, package, user).id


def test_the_same_package_in_another_place_is_another_attempt(tenant):
    package, user = make_package(tenant), make_user(tenant)
    assert open_for(tenant, package, user).id != open_for(tenant, package, user, "link:7").id


def test_twenty_openings_at_once_make_one_attempt(tenant, app):
    """PAIN-11"""
    package, user = make_package(tenant), make_user(tenant)

    def open_once(_):
        with app.app_context():
            return open_for(tenant, package, user).id

    with ThreadPoolExecutor(5) as pool:
        found = set(pool.map(open_once, range(20)))
    assert len(found) == 1


def test_an_attempt_stays_on_the_version_it_began_with(tenant):
    """PAIN-25"""
    package, user = make_package(tenant), make_user(tenant)
    first = open_for(tenant, package, user)
    with transaction(tenant) as session:
        old = session.scalars(select(PackageVersion)).one()
        columns = {c.key: getattr(old, c.key) for c in PackageVersion.__table__.columns}
        for key in ("id", "tenant_id", "created_at"):
            del columns[key]
        new = PackageVersion(**{**columns, "number": 2, "sha256": "f" * 64})
        session.add(new)
        session.flush()
        session.get_one(Package, package).current_version_id = new.id
    again = open_for(tenant, package, user)
    with transaction(tenant) as session:
        further = start_attempt(
            session, package_id=package, user_id=user, context_key="portal", now=NOW
        )
    assert again.package_version_id == first.package_version_id
    assert (further.number, further.package_version_id) == (2, new.id)


def test_a_package_without_a_version_cannot_be_attempted(tenant):
    with pytest.raises(PackageUnavailable), transaction(tenant) as session:
        open_attempt(session, package_id=tenant, user_id=tenant, context_key="portal", now=NOW)


def test_another_tenants_attempt_is_missing(tenant, other_tenant):
    attempt = open_for(tenant, make_package(tenant), make_user(tenant))
    with pytest.raises(AttemptMissing), transaction(other_tenant) as session:
        get_attempt(session, attempt.id)


def test_attempts_are_listed_by_learner_and_by_package(tenant):
    package, user, other = make_package(tenant), make_user(tenant), make_user(tenant)
    mine, theirs = open_for(tenant, package, user), open_for(tenant, package, other)
    with transaction(tenant) as session:
        assert [a.id for a in list_attempts(session, user_id=user)] == [mine.id]
        assert {a.id for a in list_attempts(session, package_id=package)} == {mine.id, theirs.id}
        assert session.get(Attempt, mine.id).context_key == "portal"
