"""Signing in: what is counted, what is locked, what a stranger cannot learn."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services import passwords, users

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def ada(session):
    return users.create_user(
        session,
        email="Ada@Example.org",
        password=PASSWORD,
        given_name="Ada",
        family_name="Lovelace",
        role=Role.INSTRUCTOR,
    )


def fail(session, times, now=NOW):
    for _ in range(times):
        assert users.sign_in(session, "ada@example.org", "wrong password", now) is None


def test_an_address_is_the_same_whatever_its_case(session, ada):
    assert users.sign_in(session, "ADA@example.ORG ", PASSWORD, NOW) is ada
    assert ada.last_sign_in_at == NOW


def test_an_address_is_taken_whatever_its_case(session, ada):
    with pytest.raises(users.UserInvalid) as refused:
        users.create_user(
            session, email="aDA@example.org", password=PASSWORD, given_name="", family_name=""
        )

    assert refused.value.field == "email"


def test_people_of_another_tenant_cannot_sign_in_here(session, ada, other_tenant):
    from database.session import transaction

    with transaction(other_tenant) as elsewhere:
        assert users.sign_in(elsewhere, "ada@example.org", PASSWORD, NOW) is None


def test_five_failures_lock_the_account_for_fifteen_minutes(session, ada):
    """Source: backend documentation, lockout after 5 failures."""
    fail(session, 5)

    assert users.sign_in(session, ada.email, PASSWORD, NOW + timedelta(minutes=14)) is None
    assert users.sign_in(session, ada.email, PASSWORD, NOW + timedelta(minutes=16)) is ada


def test_failures_while_locked_do_not_prolong_the_lock(session, ada):
    """Otherwise anybody could keep anybody out for ever."""
    fail(session, 5)
    fail(session, 20, NOW + timedelta(minutes=14))

    assert users.sign_in(session, ada.email, PASSWORD, NOW + timedelta(minutes=16)) is ada


def test_a_lock_that_has_run_out_starts_a_new_count(session, ada):
    fail(session, 5)
    later = NOW + timedelta(minutes=16)
    fail(session, 4, later)

    assert users.sign_in(session, ada.email, PASSWORD, later) is ada


def test_success_sets_the_count_back(session, ada):
    fail(session, 4)
    users.sign_in(session, ada.email, PASSWORD, NOW)
    fail(session, 4)

    assert users.sign_in(session, ada.email, PASSWORD, NOW) is ada


def test_who_is_not_active_does_not_sign_in(session, ada):
    users.set_active(session, ada.id, False)

    assert users.sign_in(session, ada.email, PASSWORD, NOW) is None


def test_who_has_no_password_does_not_sign_in(session):
    users.create_user(session, email="lti@x.test", password=None, given_name="L", family_name="")

    assert users.sign_in(session, "lti@x.test", "", NOW) is None


def test_an_unknown_address_costs_one_hash_like_a_wrong_password(session, ada, monkeypatch):
    """Time tells nobody which addresses exist: each refusal verifies exactly one hash."""
    verified = []
    monkeypatch.setattr(passwords, "_HASHER", _Counting(passwords._HASHER, verified), raising=True)

    users.sign_in(session, "nobody@example.org", PASSWORD, NOW)
    users.sign_in(session, "ada@example.org", "wrong password", NOW)
    users.set_active(session, ada.id, False)
    users.sign_in(session, "ada@example.org", PASSWORD, NOW)

    assert len(verified) == 3


class _Counting:
    def __init__(self, hasher, verified):
        self.hasher, self.verified = hasher, verified

    def verify(self, *arguments):
        self.verified.append(arguments)
        return self.hasher.verify(*arguments)

    def __getattr__(self, name):
        return getattr(self.hasher, name)


def test_hashes_of_older_parameters_are_renewed_at_sign_in(session, ada):
    ada.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=2).hash(PASSWORD)

    users.sign_in(session, ada.email, PASSWORD, NOW)

    assert "$m=19456,t=2,p=1$" in ada.password_hash
    assert users.sign_in(session, ada.email, PASSWORD, NOW) is ada


def test_a_password_has_at_least_ten_characters(session):
    with pytest.raises(passwords.PasswordTooWeak):
        users.create_user(
            session, email="a@b.test", password="123456789", given_name="", family_name=""
        )

    assert users.find_user_by_email(session, "a@b.test") is None


def test_a_new_password_lifts_the_lock(session, ada):
    fail(session, 5)
    users.set_password(session, ada.id, "another long password")

    assert users.sign_in(session, ada.email, "another long password", NOW) is ada


def test_people_are_found_by_name_and_address_and_wildcards_are_letters(session, ada):
    assert users.list_users(session, search="lovel") == [ada]
    assert users.list_users(session, search="example.org") == [ada]
    assert users.list_users(session, search="%") == []
    assert users.count_users(session, search="ada") == 1


def test_the_slow_comparison_holds_no_lock_for_others_to_wait_at(portal, monkeypatch):
    """A flood of guesses at one account would otherwise stop all threads of the server."""
    portal.add(Role.LEARNER, "ada@school.test")
    compared = []
    monkeypatch.setattr(users, "is_password", lambda *given: compared.append(given) or False)
    with transaction(portal.tenant) as guess:
        assert users.sign_in(guess, "ada@school.test", "a guess", NOW) is None
        with suppress(OperationalError), transaction(portal.tenant) as other:
            other.execute(text("SET LOCAL lock_timeout = '50ms'"))
            users.sign_in(other, "ada@school.test", "another guess", NOW)
    assert len(compared) == 2


def test_a_password_that_changes_during_the_comparison_counts_as_changed(portal, monkeypatch):
    user_id = portal.add(Role.LEARNER, "ada@school.test")

    def slow(*_given):
        with transaction(portal.tenant) as other:
            users.set_password(other, user_id, "another long password")
        return True

    monkeypatch.setattr(users, "is_password", slow)
    with transaction(portal.tenant) as session:
        assert users.sign_in(session, "ada@school.test", "the old one", NOW) is None


@pytest.mark.parametrize("address", ["ADA@example.org", " ada@example.org ", "ada@EXAMPLE.org\t"])
def test_failures_are_counted_however_the_address_is_written(session, ada, address):
    fail(session, 4)
    assert users.sign_in(session, address, "wrong password", NOW) is None
    assert users.sign_in(session, "ada@example.org", PASSWORD, NOW) is None


def test_people_are_looked_up_in_an_index_by_their_address(session):
    """Under row-level security only what is leakproof may be an index condition."""
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(
        session.scalars(text("EXPLAIN SELECT id FROM app_user WHERE email_key = 'a@b.test'"))
    )
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "email_key" in condition
    assert "tenant_id" in condition
