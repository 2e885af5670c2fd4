"""What strangers post to the LTI endpoints gets a named refusal, never an error of ours."""

import base64
import json
from typing import Any

import pytest

from lti_app.core.lti.message import read_web_url


def forge(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token that nobody signed."""
    parts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + ".AA"


@pytest.mark.parametrize("target", ["http://[::1", "http://[x]/", "//[", "http://a]b/"])
def test_a_login_with_a_malformed_target_is_refused(browser, target):
    """LTI-A22"""
    answer = browser.login(target_link_uri=target)
    assert (answer.status_code, "target_link_foreign" in answer.text) == (400, True)


@pytest.mark.parametrize("issuer", [[], {}, ["https://a.example"], 7, True])
def test_an_issuer_that_is_no_string_is_refused_before_any_key_is_asked_for(
    browser, platform, issuer
):
    """LTI-A05"""
    begun = browser.begin()
    header = {"alg": "RS256", "kid": "key-1"}
    token = forge(header, {**platform.claims(begun), "iss": issuer})
    browser.refused(browser.post(begun, token), "issuer_mismatch")
    assert platform.jwks_requests == 0


@pytest.mark.parametrize("algorithm", ["\x00", "\ud800", ["RS256"], None])
def test_an_odd_algorithm_is_refused_and_logged(browser, platform, algorithm):
    """LTI-A02, LTI-P4"""
    begun = browser.begin()
    token = forge({"alg": algorithm, "kid": "key-1"}, platform.claims(begun))
    browser.refused(browser.post(begun, token), "alg_forbidden")


@pytest.mark.parametrize("nonce", ["\ud800", "\x00", "\u00e9"])
def test_a_nonce_that_is_no_text_of_ours_is_unknown(browser, nonce):
    """LTI-A14"""
    browser.refused(browser.launch(nonce=nonce), "nonce_unknown")


@pytest.mark.parametrize("subject", ["stan\x00", "stan\ud800"])
def test_a_subject_that_cannot_be_stored_is_refused(browser, subject):
    """A subject that was put right could be somebody else's. LTI-B12"""
    browser.refused(browser.launch(sub=subject), "claim_invalid")


def test_texts_that_cannot_be_stored_cost_nobody_the_launch(browser):
    """LTI-G06"""
    odd = "A\x00B\ud800C"
    answer = browser.launch(
        name=odd,
        given_name=odd,
        custom={"sc_item": "demo", odd: odd},
        context={"id": "c" + odd, "title": odd, "type": [odd]},
        somebodys_own={odd: [odd]},
    )
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize(
    "url",
    [
        "https://lms.example;script-src *",
        "https://lms.example; sandbox",
        "https://a b/",
        "https://'none'/",
        "https://*/",
        "https://lms.example:port/",
        "javascript:alert(1)//https://lms.example",
        "https://lms.example\\@evil.example/",
    ],
)
def test_an_address_from_a_launch_is_an_address_and_nothing_more(url):
    """It becomes a link and, by its origin, part of the Content-Security-Policy. PAIN-01"""
    assert read_web_url(url) is None


@pytest.mark.parametrize(
    "url", ["https://lms.example/a?b=c", "http://127.0.0.1:8001/x", "https://[2001:db8::1]:8/"]
)
def test_ordinary_addresses_are_taken(url):
    assert read_web_url(url) == url


def test_the_return_address_of_a_launch_is_never_a_script(browser):
    answer = browser.launch(launch_presentation={"return_url": "javascript:alert(1)"})
    assert answer.status_code == 303
    assert browser.log()[0].return_url is None
