"""Grades go to the platform itself, whatever a launch says."""

import pytest

from lti_app.core.platforms.families import FAMILIES
from lti_app.core.service_hosts import is_own_host

MOODLE = ["https://moodle.school.test", "https://moodle.school.test/token"]
CANVAS = ["https://canvas.instructure.com", "https://sso.canvaslms.com/api/lti/authorize_redirect"]


@pytest.mark.parametrize(
    ("code", "registered", "declared", "url", "fits"),
    [
        ("moodle", MOODLE, [], "https://moodle.school.test/mod/lti/services.php/2/lineitems", True),
        ("moodle", MOODLE, [], "https://MOODLE.school.test:443/x", True),
        ("moodle", MOODLE, [], "https://evil.test/x", False),
        ("moodle", MOODLE, [], "https://moodle.school.test.evil.test/x", False),
        ("moodle", MOODLE, [], "https://moodle.school.test@evil.test/x", False),
        ("moodle", MOODLE, [], "https://moodle.school.test:8443/x", False),
        ("moodle", MOODLE, ["https://evil.test/return"], "https://evil.test/x", False),
        ("moodle", MOODLE, [], "http://moodle.school.test/x", False),
        ("moodle", ["http://localhost:8090"], [], "http://localhost:8090/x", True),
        ("moodle", ["http://localhost:8090"], [], "http://localhost:6379/x", False),
        ("canvas", CANVAS, [], "https://school.instructure.com/api/lti/courses/1/line_items", True),
        ("canvas", CANVAS, ["https://canvas.school.edu/r"], "https://canvas.school.edu/x", True),
        ("canvas", CANVAS, [], "https://canvas.school.edu/x", False),
        ("canvas", CANVAS, [], "https://instructure.com.evil.test/x", False),
        ("blackboard", ["https://blackboard.com"], [], "https://s.blackboard.com/learn/api", True),
        ("brightspace", ["https://s.brightspace.com"], [], "https://auth.brightspace.com/c", True),
        ("sakai", ["https://sakai.test"], [], "https://sakai.test/imsblis/lti13", True),
        ("generic", ["https://lms.test"], [], "https://other.test/", False),
        ("generic", ["https://lms.test"], [], "file:///etc/passwd", False),
        ("generic", ["https://lms.test"], [], "https://lms.test:99999/", False),
    ],
)  # fmt: skip
def test_a_service_is_called_only_on_hosts_of_its_registration(
    code, registered, declared, url, fits
):
    """Security: nothing from a launch decides what the server fetches. CANVAS-1, CANVAS-3, BB-1,
    D2L-3"""
    found = is_own_host(url, family=FAMILIES[code], registered=registered, declared=declared)
    assert found is fits
