"""A teacher whom a platform has sent to choose content (Deep Linking 2.0)."""

import re
from typing import Any

import jwt
import pytest

from tests.lti_app.fake_platform import INSTRUCTOR, LTI, FakePlatform
from tests.lti_app.lti_fixtures import Browser

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


def settings_of(platform: FakePlatform, **changes: Any) -> dict[str, Any]:
    """deep_linking_settings as Moodle sends them; None takes one out."""
    settings = {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_multiple": True,
        "auto_create": False,
        "deep_link_return_url": f"{platform.issuer}/return?course=2&sesskey=Pd1",
        "title": "Lectern",
        "text": "",
        **changes,
    }
    return {name: value for name, value in settings.items() if value is not None}


class Teacher:
    """A teacher whom the platform has sent to choose content."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.platform = browser, browser.platform
        self.address = ""

    def ask(self, roles: tuple[str, ...] = (INSTRUCTOR,), locale: str = "en", **changes: Any):
        """The platform's request with these settings changed."""
        claims = {
            "message_type": "LtiDeepLinkingRequest",
            "resource_link": None,
            "roles": list(roles),
            "sub": "tina",
            "launch_presentation": {"locale": locale},
            DL + "deep_linking_settings": settings_of(self.platform, **changes),
        }
        begun = self.browser.begin()
        payload = self.platform.claims(begun)
        for name, value in claims.items():
            payload[name if name.startswith(("http", "sub")) else LTI + name] = value
        payload = {name: value for name, value in payload.items() if value is not None}
        answer = self.browser.post(begun, self.platform.sign(payload))
        self.address = answer.location or ""
        return answer

    def see(self, query: str = "") -> str:
        answer = self.browser.open(f"{self.address}{query}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def add(self, *keys: str, **fields: str):
        """Post the form of the options page."""
        form = {
            name.replace("_", "-", 1) if name.endswith("_0") else name: value
            for name, value in fields.items()
        }
        titles = {f"title-{n}": f"Link {n}" for n in range(len(keys))}
        return self.browser.open(self.address, "POST", data={**titles, **form, "item": list(keys)})

    def read(self, answer) -> dict[str, Any]:
        """The claims of the JWT on the answer's page, signature checked with our key set."""
        assert answer.status_code == 200, answer.text
        found = re.search(r'name="JWT" value="([^"]+)"', answer.text)
        assert found, answer.text
        header = jwt.get_unverified_header(found[1])
        keys = {jwk["kid"]: jwk for jwk in self.platform.tool_keys}
        return jwt.decode(
            found[1],
            jwt.PyJWK(keys[header["kid"]], algorithm="RS256"),
            algorithms=["RS256"],
            audience=self.platform.issuer,
        )

    def choose(self, *keys: str, **fields: str) -> dict[str, Any]:
        return self.read(self.add(*keys, **fields))


@pytest.fixture
def teacher(browser: Browser) -> Teacher:
    return Teacher(browser)


def asked(teacher: Teacher, **changes: Any) -> Teacher:
    assert teacher.ask(**changes).status_code == 303
    return teacher
