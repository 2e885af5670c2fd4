"""Open edX's platform code accepts us: PyPI lti-consumer-xblock, on demand.

    python -m venv xblock && xblock/bin/pip install lti-consumer-xblock cryptography
    LECTERN_XBLOCK_PYTHON=xblock/bin/python pytest tests/lti_app/libraries/check_xblock.py

Not among the tests of every run: the package brings Django and some fifty others along, which would
have to fit ours in one environment. Its file name keeps it out of the collection.
"""

import os
import re
import subprocess
import time
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from sqlalchemy import select

from database.session import transaction
from lti_app.core.platforms.families import get_family
from lti_app.models.registration import Registration
from lti_app.platform_client.roster_service import first_url, read_page
from lti_app.services.platform_access import build_access
from tests.lti_app.fake_platform import TARGET, private_key
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Begun, Browser, add_platform
from tests.ports import free_port

LOGIN = "http://localhost:8000/lti/login"


class OpenEdx:
    """The running program."""

    def __init__(self, issuer):
        self.issuer = issuer
        self.tool_keys = []

    def get(self, path, **query):
        answer = requests.get(f"{self.issuer}{path}?{urlencode(query)}", timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()


class OpenEdxBrowser(Browser):
    """A browser in front of it."""

    message = "LtiResourceLinkRequest"

    def launch(self, **_changes):
        begun = self.begin()
        query = dict(parse_qsl(urlsplit(begun.location).query))
        launch = self.platform.get("/authorize", message=self.message, **query)
        return self.post(begun, launch["id_token"])

    def begin(self, **_changes):
        address = urlsplit(self.platform.get("/begin", message=self.message)["url"])
        answer = self.open(f"{address.path}?{address.query}")
        assert answer.status_code == 302, answer.text
        query = dict(parse_qsl(urlsplit(answer.location).query))
        return Begun(query["state"], query["nonce"], answer.location)


@pytest.fixture
def platform():
    port = free_port()
    pem = private_key("our own").public_key()
    public = pem.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    program = os.path.join(os.path.dirname(__file__), "xblock_platform.py")
    python = os.environ["LECTERN_XBLOCK_PYTHON"]
    running = subprocess.Popen([python, program, str(port), public.decode(), LOGIN, TARGET])
    platform = OpenEdx(f"http://127.0.0.1:{port}")
    for _ in range(200):
        try:
            platform.get("/jwks")
            break
        except requests.ConnectionError:
            time.sleep(0.2)
    yield platform
    running.terminate()
    running.wait(timeout=20)


@pytest.fixture
def browser(app, tenant, platform, package):
    add_platform(tenant, platform)
    return OpenEdxBrowser(app, platform, tenant)


@pytest.mark.usefixtures("doors")
def test_a_launch_and_a_grade(browser, platform):
    """OEDX-1, OEDX-2, OEDX-3"""
    learner = Learner(browser)
    row = learner.send(learner.finish())
    assert (row.state, row.reason) == ("sent", "")
    score = platform.get("/grades")["stan"]
    assert (score["scoreGiven"], score["scoreMaximum"]) == (16.0, 20.0)


def test_deep_linking(browser, platform):
    browser.message = "LtiDeepLinkingRequest"
    asked = browser.launch()
    assert asked.status_code == 303, asked.text
    chosen = {"item": ["demo"], "title-0": "Fire safety"}
    answer = browser.open(asked.location, "POST", data=chosen)
    made = re.search(r'name="JWT" value="([^"]+)"', answer.text)[1]
    (item,) = requests.post(f"{platform.issuer}/return", data=made, timeout=20).json()
    assert (item["type"], item["custom"]["sc_item"]) == ("ltiResourceLink", "demo")


@pytest.mark.usefixtures("doors")
def test_the_roster(browser, tenant, platform):
    """OEDX-1: everybody in one answer."""
    Learner(browser)
    with transaction(tenant) as session:
        access = build_access(session, session.scalars(select(Registration)).one())
    page = read_page(access, first_url(f"{platform.issuer}/memberships", get_family("generic")))
    assert [one.subject for one in page.members or []] == ["stan"]
