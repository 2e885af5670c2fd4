"""Settings: defaults that work, and one clear line when one does not."""

import pytest

from demo_lms.settings import Settings, SettingsInvalid


def test_the_defaults_are_those_of_one_machine():
    settings = Settings.from_env({})
    assert (settings.issuer, settings.tool_url, settings.tool_jwks_url) == (
        "http://127.0.0.1:8001",
        "http://localhost:8000",
        "http://localhost:8000/lti/jwks",
    )


def test_an_address_loses_its_last_slash():
    """The issuer is compared byte for byte."""
    assert (
        Settings.from_env({"DEMO_LMS_URL": "https://lms.example/"}).issuer == "https://lms.example"
    )


@pytest.mark.parametrize("value", ["localhost:8000", "ftp://x", "http://", "http://x?y=1"])
def test_an_address_that_is_none_is_refused_with_the_variables_name(value):
    with pytest.raises(SettingsInvalid, match="DEMO_TOOL_URL"):
        Settings.from_env({"DEMO_TOOL_URL": value})
