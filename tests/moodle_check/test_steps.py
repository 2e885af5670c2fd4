"""The steps of `make moodle-check`, tried on the Demo LMS while it plays Moodle."""

from contextlib import ExitStack

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from demo_lms.app import create_app
from demo_lms.doors import Doors
from demo_lms.settings import Settings
from tests.browser import running_browser
from tests.demo_lms.test_browser import serving
from tests.moodle_check.__main__ import read
from tests.moodle_check.demo import DemoSite
from tests.moodle_check.moodle import Account
from tests.moodle_check.site import SiteBroken
from tests.moodle_check.stand_in import StandIn, stand_in_app
from tests.moodle_check.steps import Check
from tests.ports import free_port


@pytest.fixture
def tool():
    origin = f"http://localhost:{free_port()}"
    return StandIn(origin, rsa.generate_private_key(public_exponent=65537, key_size=2048))


@pytest.fixture
def site(tool, tmp_path, playwright):
    """The Demo LMS and the tool, served, and a browser in front of them."""
    url = f"http://127.0.0.1:{free_port()}"
    lms = create_app(Settings(url, tmp_path / "lms", tool.origin, f"{tool.origin}/jwks"), Doors())
    (tmp_path / "profile").mkdir()
    with ExitStack() as stack:
        stack.enter_context(serving(lms, "127.0.0.1", int(url.rpartition(":")[2])))
        served = stand_in_app(tool)
        stack.enter_context(serving(served, "localhost", int(tool.origin.rpartition(":")[2])))
        running = stack.enter_context(running_browser(playwright, tmp_path / "profile"))
        running.context.set_default_timeout(40_000)
        yield DemoSite(url, running.context)


@pytest.mark.browser
def test_registration_choice_launch_and_grade_go_through_in_a_browser(site, tool):
    """LTI-DR-1, LTI-DR-9, LTI-DL-18, MOODLE 8, MOODLE 9: what the check does on a Moodle site."""
    results = list(Check(site, tool).run())
    assert [result.failure for result in results] == ["", "", "", ""]


def test_what_goes_wrong_is_named_and_ends_the_run(tool):
    class Closed:
        def register_tool(self, address, confirm):
            raise SiteBroken("no such page")

    results = list(Check(Closed(), tool).run())
    assert [(r.step, r.failure) for r in results] == [
        ("The tool registers itself and is switched on", "no such page")
    ]


def test_people_and_course_can_be_named():
    chosen = read(["http://m", "http://t/r", "--student", "sue:pass:word", "--course", "5"])
    assert (chosen.student, chosen.course) == (Account("sue", "pass:word"), "5")
