"""What the browser tells the call log besides the journal."""

import pytest

from tests.scorm_runtime.browser.conftest import call
from tests.scorm_runtime.playing import read_log

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser):
    return browser.context.new_page()


def test_what_content_reads_is_in_the_call_log(play, page):
    """PAIN-30"""
    frame = play.open(page)
    call(frame, "LMSGetValue", "cmi.core.entry")
    call(frame, "LMSGetValue", "cmi.nonsense")
    with page.expect_response("**/commits"):
        call(frame, "LMSCommit", "")
    told = [one for row in read_log(play.tenant, play.attempt) for one in row.calls]
    reads = {tuple(one[2:]) for one in told if one[2] == "get"}
    assert ("get", "cmi.core.entry", "ab-initio", "0") in reads
    assert ("get", "cmi.nonsense", "", "401") in reads
