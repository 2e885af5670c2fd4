"""Tenants never see each other, whatever the code forgets."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from database.rls import GLOBAL_TABLES
from database.session import transaction
from lti_app.models.user import User


def add_user(tenant, email):
    with transaction(tenant) as session:
        session.add(User(email=email))


def test_every_table_has_a_tenant_and_a_policy_unless_it_is_listed_with_a_reason(app):
    """A table that a migration forgot to protect would be seen by all tenants."""
    with transaction(None) as session:
        rows = session.execute(
            text(
                "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,"
                " EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) AS has_policy,"
                " EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid"
                "   AND a.attname = 'tenant_id' AND a.attnotnull) AS has_tenant"
                " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
            )
        ).all()
    assert len(rows) > 10
    unprotected = {r.relname for r in rows if not (r.forced and r.has_policy and r.has_tenant)}
    assert unprotected == set(GLOBAL_TABLES)


def test_a_query_without_a_filter_in_one_tenant_never_sees_another(tenant, other_tenant):
    """DESIGN decision 2: a forgotten filter leaks nothing."""
    add_user(tenant, "ann@a.example")
    add_user(other_tenant, "bob@b.example")

    with transaction(tenant) as session:
        seen = session.scalars(select(User.email)).all()

    assert seen == ["ann@a.example"]


def test_without_a_tenant_nothing_is_visible_and_nothing_can_be_added(tenant):
    add_user(tenant, "ann@a.example")

    with transaction(None) as session:
        assert session.scalars(select(User)).all() == []
    with pytest.raises((DBAPIError, IntegrityError)), transaction(None) as session:
        session.add(User(email="nobody@example.org"))


def test_a_row_cannot_be_written_into_another_tenant(tenant, other_tenant):
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction(tenant) as session,
    ):
        session.add(User(email="x@example.org", tenant_id=other_tenant))


def test_the_application_role_owns_nothing_and_cannot_bypass_the_policies(app):
    with transaction(None) as session:
        role = session.execute(
            text(
                "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS mighty,"
                " (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owned"
                " FROM pg_roles r WHERE rolname = current_user"
            )
        ).one()
    assert (role.mighty, role.owned) == (False, 0)


def test_two_tenants_on_the_same_pooled_connections_stay_apart(app, tenant, other_tenant):
    """SET LOCAL ends with the transaction, so a pooled connection carries no tenant along."""
    wrong: list[str] = []
    start = Barrier(4)

    def work(own: str, mail: str) -> None:
        with app.app_context():
            start.wait()
            for _ in range(25):
                with transaction(own) as session:
                    wrong.extend(m for m in session.scalars(select(User.email)) if m != mail)

    add_user(tenant, "a@example.org")
    add_user(other_tenant, "b@example.org")
    jobs = [(tenant, "a@example.org"), (other_tenant, "b@example.org")] * 2
    threads = [Thread(target=work, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
