"""Credentials of a store."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from database.routing import find_tenant
from database.session import transaction
from xapi_lrs.core.errors import InvalidRequest, NotAuthenticated, NotFound
from xapi_lrs.services.credentials import (
    authenticate,
    create_credential,
    list_credentials,
    revoke_credential,
)
from xapi_lrs.services.stores import ensure_store, find_store, list_stores

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def create(session, store, **changes):
    options = {"name": "Vendor", "scopes": ["all"], "now": NOW, "random": secrets.token_bytes}
    return create_credential(session, store, **(options | changes))


def test_a_credential_opens_its_store_and_leads_to_its_tenant(session, store, tenant):
    credential, secret = create(session, store)
    found = authenticate(session, credential.key, secret, now=NOW)
    assert (found.id, found.store.id) == (credential.id, store.id)
    assert find_tenant(session, "lrs_key", credential.key) == tenant


def test_the_secret_is_kept_nowhere(session, store):
    credential, secret = create(session, store)
    assert secret.encode() not in credential.secret_hash
    assert len(credential.secret_hash) == 32


def test_unknown_key_and_wrong_secret_are_told_in_the_same_words(session, store):
    credential, _ = create(session, store)
    messages = []
    for key, secret in ((credential.key, "wrong"), ("lkunknown", "wrong"), (credential.key, "")):
        with pytest.raises(NotAuthenticated) as refused:
            authenticate(session, key, secret, now=NOW)
        messages.append(refused.value.message)
    assert len(set(messages)) == 1


def test_another_tenant_cannot_check_it(tenant, other_tenant):
    with transaction(tenant) as session:
        credential, secret = create(session, ensure_store(session))
    with transaction(other_tenant) as session, pytest.raises(NotAuthenticated):
        authenticate(session, credential.key, secret, now=NOW)


def test_an_expired_or_revoked_credential_opens_nothing(session, store):
    short, secret = create(session, store, expires_at=NOW + timedelta(hours=1))
    authenticate(session, short.key, secret, now=NOW)
    with pytest.raises(NotAuthenticated, match="expired"):
        authenticate(session, short.key, secret, now=NOW + timedelta(hours=1))
    revoke_credential(session, short.id, now=NOW)
    with pytest.raises(NotAuthenticated, match="revoked"):
        authenticate(session, short.key, secret, now=NOW)
    with pytest.raises(NotFound):
        revoke_credential(session, uuid4(), now=NOW)
    assert list_credentials(session, store) == [short]


@pytest.mark.parametrize(
    "changes", [{"scopes": ["everything"]}, {"scopes": []}, {"expires_at": NOW}]
)
def test_a_credential_that_could_not_work_is_not_made(session, store, changes):
    with pytest.raises(InvalidRequest):
        create(session, store, **changes)


def test_a_store_is_made_once_and_found_by_its_slug(session):
    assert find_store(session, "default") is None
    store = ensure_store(session, name="First")
    assert ensure_store(session, name="Second").id == store.id
    assert find_store(session, "default").name == "First"
    assert [one.slug for one in list_stores(session)] == ["default"]


@pytest.mark.parametrize("slug", ["", "Default", "a/b", "-a", "a" * 65, "é", "a b"])
def test_a_slug_is_fit_for_an_address(session, slug):
    with pytest.raises(InvalidRequest):
        ensure_store(session, slug)
