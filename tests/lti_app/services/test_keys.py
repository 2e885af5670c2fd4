"""Our signing keys rotate while platforms go on with whatever key set they have kept."""

from datetime import UTC, datetime, timedelta
from itertools import count

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.platform_client.connector import Connector, PlatformAccess
from lti_app.services import keys
from tests.lti_app.fake_platform import private_key

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def generate():
    """Fresh keys from a small stock: making one takes a tenth of a second."""
    numbers = count()

    def pem() -> str:
        key = private_key(f"rotating-{next(numbers)}")
        kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        return key.private_bytes(kind, form, serialization.NoEncryption()).decode()

    return pem


def states(session):
    return [(plan.state, plan.until) for plan in keys.list_keys(session)]


def published(session):
    return {jwk["kid"]: jwk for jwk in keys.list_public_keys(session)}


def assertion(session) -> str:
    """What we would send to a platform's token endpoint now (LTI-OA-1)."""
    key = keys.find_current_key(session)
    access = PlatformAccess(
        registration_id=key.id,
        issuer="https://p.example",
        client_id="abc",
        token_url="https://p.example/token",
        token_audience="https://p.example/token",
        kid=key.kid,
        private_pem=key.private_pem,
    )
    return Connector(access)._build_assertion()


def verifies(token: str, key_set) -> bool:
    """As a platform does, with the key set that it has kept."""
    jwk = key_set.get(jwt.get_unverified_header(token)["kid"])
    if jwk is None:
        return False
    key = jwt.PyJWK(jwk, algorithm="RS256")
    aud = "https://p.example/token"
    return bool(jwt.decode(token, key, algorithms=["RS256"], audience=aud))


def test_a_new_key_is_published_two_days_before_it_signs_and_two_days_after(session, generate):
    """PAIN-15"""
    old = keys.ensure_current_key(session, generate).kid
    keys.rotate(session, NOW, generate=generate)
    assert states(session) == [("next", NOW + 48 * HOUR), ("current", None)]
    assert keys.find_current_key(session).kid == old

    assert not keys.advance(session, NOW + 47 * HOUR)
    assert keys.find_current_key(session).kid == old
    assert keys.advance(session, NOW + 48 * HOUR)
    assert keys.find_current_key(session).kid != old
    assert states(session) == [("current", None), ("retired", NOW + 96 * HOUR)]

    assert not keys.advance(session, NOW + 95 * HOUR)
    assert set(published(session)) == {old, keys.find_current_key(session).kid}
    assert keys.advance(session, NOW + 96 * HOUR)
    assert old not in published(session)


def test_a_platform_with_an_old_key_set_accepts_us_throughout(session, generate):
    """Every hour of a rotation, and a set that is up to 48 hours old. PAIN-15, LTI-OA-5"""
    keys.ensure_current_key(session, generate)
    kept = {-49: published(session)}
    for hour in range(150):
        if hour == 10:
            keys.rotate(session, NOW + hour * HOUR, generate=generate)
        keys.advance(session, NOW + hour * HOUR)
        kept[hour] = published(session)
        token = assertion(session)
        oldest = kept.get(hour - 47, kept[-49])
        assert verifies(token, oldest), hour
        assert verifies(token, kept[hour]), hour


def test_what_the_old_key_signed_last_is_still_accepted_by_a_fresh_key_set(session, generate):
    keys.ensure_current_key(session, generate)
    token = assertion(session)
    keys.rotate(session, NOW, at_once=True, generate=generate)
    assert jwt.get_unverified_header(assertion(session)) != jwt.get_unverified_header(token)
    assert verifies(token, published(session))


def test_a_stolen_key_signs_nothing_from_now_on_whether_a_rotation_is_under_way(session, generate):
    stolen = keys.ensure_current_key(session, generate).kid
    [waiting, _] = keys.rotate(session, NOW, generate=generate)
    keys.rotate(session, NOW + HOUR, at_once=True, generate=generate)
    assert keys.find_current_key(session).kid == waiting.kid
    assert states(session)[-1] == ("retired", NOW + 49 * HOUR)
    assert stolen in published(session)


def test_asking_twice_begins_one_rotation(session, generate):
    keys.ensure_current_key(session, generate)
    first = keys.rotate(session, NOW, generate=generate)
    assert keys.rotate(session, NOW + HOUR, generate=generate) == first


def test_rotating_one_tenant_leaves_the_other_alone(tenant, other_tenant, generate):
    for owner in (tenant, other_tenant):
        with transaction(owner) as session:
            keys.ensure_current_key(session, generate)
    with transaction(tenant) as session:
        keys.rotate(session, NOW, generate=generate)
    with transaction(other_tenant) as session:
        assert [plan.state for plan in keys.list_keys(session)] == ["current"]


def test_an_administrator_sees_what_will_happen_when_and_rotates_with_a_button(portal, generate):
    with transaction(portal.tenant) as session:
        keys.ensure_current_key(session, generate)
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    assert "48 hours" in portal.get("/admin/platforms/").text

    assert portal.post("/admin/platforms/keys", {"when": "later"}).status_code == 303
    text = portal.get("/admin/platforms/").text
    assert "Next</span>" in text
    assert "signs from" in text
    portal.post("/admin/platforms/keys", {"when": "now"})
    assert "Retired</span>" in portal.get("/admin/platforms/").text


def test_instructors_do_not_rotate_keys(portal):
    portal.sign_in_as(Role.INSTRUCTOR)
    assert portal.post("/admin/platforms/keys", {"when": "now"}).status_code == 403


def test_the_command_says_what_happens_when(app, tenant):
    run = app.test_cli_runner()
    slug = f"keys-{tenant.hex[:8]}"
    assert run.invoke(args=["tenant", "create", slug, "--name", "Keys"]).exit_code == 0
    said = run.invoke(args=["lti", "rotate-key", "--tenant", slug]).output
    assert "next  published; signs from" in said
    said = run.invoke(args=["lti", "rotate-key", "--now", "--tenant", slug]).output
    assert "retired  signs nothing since" in said
    assert "refuse us until" in said
    assert "current  signs since" in run.invoke(args=["lti", "keys", "--tenant", slug]).output
