"""How we ask a platform for an access token: the assertion, the form, the header that follows."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import jwt
import pytest
import requests

from lti_app.platform_client.connector import Connector, PlatformAccess, TokenCache
from tests.lti_app.fake_platform import SCOPE, public_jwk
from tests.lti_app.lti_fixtures import tool_pem

AUDIENCE = "https://api.platform.example/auth/token"


class Recorder:
    """Stands for the network: keeps what was sent, answers with a token."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict]] = []

    def post(self, url, **options):
        self.sent.append((url, options))
        return _answer(b'{"access_token": "t-1", "expires_in": 3600}')

    def request(self, method, url, **options):
        self.sent.append((url, options))
        return _answer(b"{}")


def _answer(body: bytes) -> requests.Response:
    response = requests.Response()
    response.status_code, response._content = 200, body
    return response


@pytest.fixture
def network():
    return Recorder()


@pytest.fixture
def access():
    return PlatformAccess(
        registration_id=uuid4(),
        issuer="https://platform.example",
        client_id="client-7",
        token_url="https://platform.example/token",
        token_audience=AUDIENCE,
        kid="our own",
        private_pem=tool_pem(),
    )


@pytest.fixture
def connector(access, network):
    return Connector(access, network, TokenCache())


def claims_of(network) -> dict:
    text = network.sent[0][1]["data"]["client_assertion"]
    key = jwt.PyJWK(public_jwk("our own"), algorithm="RS256")
    return jwt.decode(text, key, algorithms=["RS256"], audience=AUDIENCE)


def test_the_assertion_names_our_client_twice_and_the_audience_that_was_registered(
    connector, network
):
    """LTI-OA-1, LTI-OA-2, PAIN-17, D2L-3: the audience may differ from the token address."""
    connector.get_access_token([SCOPE + "score"])
    url, _options = network.sent[0]
    claims = claims_of(network)
    assert url == "https://platform.example/token"
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("client-7", "client-7", AUDIENCE)


def test_the_assertion_tells_which_installation_it_is_about_where_there_is_one(access, network):
    """LTI-OA-11: one client may stand for many schools (CANVAS-1, BB-3)."""
    name = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
    for deployment_id, said in (("", None), ("school-1", "school-1")):
        network.sent.clear()
        installed = replace(access, deployment_id=deployment_id)
        Connector(installed, network, TokenCache()).get_access_token([SCOPE + "score"])
        assert claims_of(network).get(name) == said


def test_the_assertion_begins_before_now_and_ends_within_five_minutes(connector, network):
    """LTI-OA-3, BB-6, moodle.md 5: Moodle refuses an `iat` one second ahead of its clock."""
    connector.get_access_token([SCOPE + "score"])
    claims, now = claims_of(network), time.time()
    assert claims["iat"] <= now - 30
    assert now < claims["exp"] <= now + 300
    assert claims["exp"] - claims["iat"] <= 300


def test_who_needs_a_token_that_another_asks_for_waits_for_it(access, network):
    """LTI-OA-9: several requests at once make no storm at the token endpoint"""
    tokens, scopes = TokenCache(), [SCOPE + "score"]
    connector = Connector(access, network, tokens)
    key = connector._cache_key(scopes)
    with ThreadPoolExecutor(1) as pool:
        with tokens.asking(key):
            second = pool.submit(connector.get_access_token, scopes)
            tokens.keep(key, "theirs", 60)
        assert second.result() == "theirs"
    assert network.sent == []


def test_the_request_is_a_form(connector, network):
    """LTI-OA-6, LTI-OA-7"""
    connector.get_access_token([SCOPE + "score", SCOPE + "lineitem"])
    options = network.sent[0][1]
    assert "json" not in options
    form = dict(options["data"])
    assert form.pop("client_assertion").count(".") == 2
    assert form == {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "scope": f"{SCOPE}lineitem {SCOPE}score",
    }


def test_calls_carry_the_token_with_a_capital_b(connector, network):
    """LTI-OA-8, BB-7"""
    connector.make_service_request([SCOPE + "score"], "https://platform.example/x")
    assert network.sent[-1][1]["headers"]["Authorization"] == "Bearer t-1"


def test_each_assertion_has_an_id_of_its_own(connector, network):
    """LTI-OA-4"""
    connector.get_access_token([SCOPE + "score"])
    connector.get_access_token([SCOPE + "lineitem"])
    assertions = [options["data"]["client_assertion"] for _url, options in network.sent]
    ids = {jwt.decode(text, options={"verify_signature": False})["jti"] for text in assertions}
    assert len(ids) == 2
