"""Addresses of platforms lead to the internet, not behind the server that calls them."""

import pytest
import requests

from lti_app.platform_client.http import build_session
from lti_app.platform_client.reach import REACH, Reach

METADATA = ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1%eth0", "::", "224.0.0.1"]
PRIVATE = ["127.0.0.1", "10.1.2.3", "172.18.0.2", "192.168.1.1", "100.64.0.1", "::1", "fd00::1"]


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("host", METADATA)
def test_nobody_asks_a_cloud_for_its_metadata(host, private):
    assert not Reach(private).allows(host)


@pytest.mark.parametrize("host", [*PRIVATE, "::ffff:10.1.2.3"])
def test_private_networks_are_out_of_reach_unless_the_settings_say_so(host):
    assert not Reach(private=False).allows(host)
    assert Reach(private=True).allows(host)


@pytest.mark.parametrize("host", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_the_internet_is_in_reach(host):
    assert Reach(private=False).allows(host)


def test_nothing_is_sent_to_an_address_out_of_reach(platform, monkeypatch):
    monkeypatch.setattr(REACH, "private", False)
    with pytest.raises(requests.ConnectionError, match="PRIVATE_PLATFORMS"):
        build_session().get(f"{platform.issuer}/jwks")
    assert platform.jwks_requests == 0


def test_an_address_in_reach_is_called(platform):
    assert build_session().get(f"{platform.issuer}/jwks").status_code == 200
