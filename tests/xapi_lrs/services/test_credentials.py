"""Credentials of a store, and how far they open it."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

from database.extension import db
from database.routing import find_tenant
from database.session import transaction
from xapi_lrs.core.credential import Basic
from xapi_lrs.core.errors import InvalidRequest, NotAllowed, NotAuthenticated, NotFound
from xapi_lrs.services.credentials import (
    Restrictions,
    create_credential,
    find_credential_by_key,
    get_credential,
    list_credentials,
    rename_credential,
    revoke_credential,
    rotate_secret,
)
from xapi_lrs.services.entrance import admit, find_entry
from xapi_lrs.services.launch_tokens import issue_launch_token
from xapi_lrs.services.stores import (
    archive_store,
    create_store,
    ensure_store,
    find_store,
    get_store,
    list_stores,
    rename_store,
    reopen_store,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVER_SECRET = "server-secret-server-secret-server"


def create(session, store, **changes):
    options = {"name": "Vendor", "scopes": ["all"], "now": NOW, "random": secrets.token_bytes}
    return create_credential(session, store, **(options | changes))


def enter(session, key, secret, now=NOW):
    entry = find_entry(session, key)
    return admit(entry, Basic(key, secret), now=now, server_secret=SERVER_SECRET)


@pytest.fixture
def vendor(tenant):
    """(key, secret, id) of a committed credential."""
    with transaction(tenant) as session:
        credential, secret = create(session, ensure_store(session))
        return credential.key, secret, credential.id


def test_a_credential_opens_its_store_and_leads_to_its_tenant(session, store, tenant):
    credential, secret = create(session, store)
    permit = enter(session, credential.key, secret)
    assert (permit.id, permit.store_id, permit.tenant_id) == (credential.id, store.id, tenant)
    assert find_tenant(session, "lrs_key", credential.key) == tenant


def test_entering_is_one_statement_that_also_sets_the_tenant(tenant, vendor):
    """What a request pays for being let in."""
    key, secret, _ = vendor
    sent: list[str] = []

    def note(connection, cursor, statement, *_):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with transaction(None) as session:
            enter(session, key, secret)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(sent) == 1
    with transaction(None) as session:
        enter(session, key, secret)
        assert find_store(session, "default") is not None
        now = session.scalar(text("SELECT current_setting('lectern.tenant')"))
    assert UUID(now) == tenant


def test_the_tenant_of_a_key_ends_with_the_transaction(vendor):
    """The next request on the same connection starts with none."""
    with transaction(None) as session:
        enter(session, *vendor[:2])
    with transaction(None) as session:
        assert list_stores(session) == []


def test_the_secret_is_kept_nowhere(session, store):
    credential, secret = create(session, store)
    assert secret.encode() not in credential.secret_hash
    assert len(credential.secret_hash) == 32


def test_unknown_key_and_wrong_secret_are_told_in_the_same_words(session, store):
    """XP-19"""
    credential, _ = create(session, store)
    messages = []
    for key, secret in ((credential.key, "wrong"), ("lkunknown", "wrong"), (credential.key, "")):
        with pytest.raises(NotAuthenticated) as refused:
            enter(session, key, secret)
        messages.append(refused.value.message)
    assert len(set(messages)) == 1


def test_an_expired_or_revoked_credential_opens_nothing(session, store):
    short, secret = create(session, store, expires_at=NOW + timedelta(hours=1))
    enter(session, short.key, secret)
    with pytest.raises(NotAuthenticated, match="expired"):
        enter(session, short.key, secret, NOW + timedelta(hours=1))
    revoke_credential(session, short.id, now=NOW)
    with pytest.raises(NotAuthenticated, match="revoked"):
        enter(session, short.key, secret)
    with pytest.raises(NotFound):
        revoke_credential(session, uuid4(), now=NOW)
    assert list_credentials(session, store) == [short]


def test_a_new_secret_replaces_the_old_one(session, store):
    credential, old = create(session, store)
    _, new = rotate_secret(session, credential.id, now=NOW, random=secrets.token_bytes)
    enter(session, credential.key, new)
    with pytest.raises(NotAuthenticated):
        enter(session, credential.key, old)


def test_the_old_secret_can_stay_good_for_a_while(session, store):
    """A vendor changes his settings tomorrow."""
    credential, old = create(session, store)
    day = timedelta(days=1)
    _, new = rotate_secret(session, credential.id, now=NOW, random=secrets.token_bytes, overlap=day)
    for secret in (old, new):
        enter(session, credential.key, secret, NOW + day - timedelta(seconds=1))
    with pytest.raises(NotAuthenticated):
        enter(session, credential.key, old, NOW + day)
    enter(session, credential.key, new, NOW + day)


def test_a_revoked_credential_gets_no_new_secret(session, store):
    credential, _ = create(session, store)
    revoke_credential(session, credential.id, now=NOW)
    with pytest.raises(InvalidRequest, match="revoked"):
        rotate_secret(session, credential.id, now=NOW, random=secrets.token_bytes)


def test_a_closed_store_lets_nobody_in_until_it_is_opened_again(session, store):
    credential, secret = create(session, store)
    archive_store(session, store.id)
    with pytest.raises(NotAllowed, match="closed"):
        enter(session, credential.key, secret)
    reopen_store(session, store.id)
    enter(session, credential.key, secret)


def test_the_keys_of_a_tenant_that_is_switched_off_open_nothing(tenant, vendor):
    for active in (False, True):
        with transaction(None) as session:
            session.execute(
                text("UPDATE tenant SET is_active = :on WHERE id = :id"),
                {"on": active, "id": tenant},
            )
        with transaction(None) as session:
            if active:
                enter(session, *vendor[:2])
                continue
            with pytest.raises(NotAllowed, match="switched off"):
                enter(session, *vendor[:2])


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": ["everything"]},
        {"scopes": []},
        {"expires_at": NOW},
        {"restrictions": Restrictions(activity_prefix="no iri")},
        {"restrictions": Restrictions(origins=("content.example",))},
        {"restrictions": Restrictions(origins=("https://a.example/path",))},
        {"restrictions": Restrictions(requests_per_second=-1)},
    ],
)
def test_a_credential_that_could_not_work_is_not_made(session, store, changes):
    with pytest.raises(InvalidRequest):
        create(session, store, **changes)


def test_what_a_key_is_bound_to_comes_with_its_permit(session, store):
    registration = uuid4()
    restrictions = Restrictions(
        registration=registration,
        activity_prefix="https://example.com/course/",
        origins=("HTTPS://Content.example:443/",),
        requests_per_second=7,
    )
    credential, secret = create(session, store, restrictions=restrictions)
    permit = enter(session, credential.key, secret)
    assert permit.bounds.registration == registration
    assert permit.bounds.activity_prefix == "https://example.com/course/"
    assert permit.bounds.origins == ("https://content.example",)
    assert permit.requests_per_second == 7


def test_launch_tokens_are_not_in_the_list_of_keys(session, store):
    issue_launch_token(
        session,
        store,
        actor={"mbox": "mailto:ada@example.com"},
        registration=uuid4(),
        expires_at=NOW + timedelta(hours=1),
        now=NOW,
        random=secrets.token_bytes,
    )
    assert list_credentials(session, store) == []


def test_a_credential_is_found_by_its_key_and_renamed(session, store):
    credential, _ = create(session, store)
    found = find_credential_by_key(session, credential.key)
    assert rename_credential(session, found.id, "Another").name == "Another"
    assert get_credential(session, credential.id).name == "Another"
    assert find_credential_by_key(session, "lkunknown") is None


def test_a_store_is_made_once_and_found_by_its_slug(session):
    assert find_store(session, "default") is None
    store = ensure_store(session, name="First")
    assert ensure_store(session, name="Second").id == store.id
    assert find_store(session, "default").name == "First"
    assert [one.slug for one in list_stores(session)] == ["default"]


def test_a_tenant_opens_several_stores_and_renames_them(session):
    store = create_store(session, "vendors", " Vendors ")
    assert store.name == "Vendors"
    with pytest.raises(InvalidRequest, match="already"):
        create_store(session, "vendors", "Again")
    rename_store(session, store.id, "Suppliers")
    assert get_store(session, store.id).name == "Suppliers"
    with pytest.raises(InvalidRequest):
        rename_store(session, store.id, " ")
    with pytest.raises(NotFound):
        get_store(session, uuid4())


@pytest.mark.parametrize("slug", ["", "Default", "a/b", "-a", "a" * 65, "é", "a b"])
def test_a_slug_is_fit_for_an_address(session, slug):
    with pytest.raises(InvalidRequest):
        ensure_store(session, slug)
