"""Settings that would make an installation unsafe are refused or understood as meant."""

import pytest

from lti_app.config import Config, SettingInvalid


@pytest.mark.parametrize(
    ("app_url", "content_url"),
    [
        ("https://lectern.example", "https://lectern.example"),
        ("https://lectern.example", "https://LECTERN.example"),
        ("https://lectern.example", "https://lectern.example:8443"),
        ("http://localhost:8000", "http://localhost:8001"),
    ],
)
def test_packages_never_share_a_host_name_with_the_portal(app_url, content_url):
    """Cookies know no ports: content on another port would get the portal's."""
    with pytest.raises(SettingInvalid, match="same host"):
        Config.from_env({"APP_URL": app_url, "CONTENT_URL": content_url})


@pytest.mark.parametrize(
    ("settings", "reaches"),
    [
        ({}, True),
        ({"APP_URL": "https://lectern.example"}, False),
        ({"APP_URL": "https://lectern.example", "PRIVATE_PLATFORMS": "1"}, True),
    ],
)
def test_a_public_server_calls_private_networks_only_when_it_is_told_to(settings, reaches):
    assert Config.from_env(settings).reaches_private is reaches
