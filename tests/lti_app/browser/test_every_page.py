"""Every page of the portal, on a phone and on a desk, light and dark: usable by everybody."""

import pytest

from tests.lti_app.browser.conftest import AXE

pytestmark = pytest.mark.browser

STRANGER, LEARNER, ADMIN = "", "learner@school.test", "admin@school.test"
PAGES = {
    STRANGER: [
        *("/", "/sign-in", "/nothing", "register", "registration refused"),
        *("/verify", "/verify?number=none", "/verify/0000-0000-0000-0000", "verified"),
    ],
    LEARNER: [
        *("/learning", "/catalogue", "/catalogue?q=nothing", "/packages/demo-quiz"),
        *("/packages/demo-2004", "/packages/fire", "/account", "/admin/"),
        *("/certificates/", "certificate", "/notifications", "/account/notifications"),
    ],
    ADMIN: [
        *("/admin/", "/admin/packages/", "/admin/packages/?archived=yes", "/admin/packages/upload"),
        *("/admin/platforms/", "/admin/platforms/new", "/admin/launches/", "/admin/grades/"),
        *(
            "/admin/platforms/connect",
            "registration link",
            "/admin/platforms/connect/by-hand/moodle",
        ),
        *("/admin/grades/?state=sent", "/admin/people/", "/admin/people/new"),
        *(
            "package",
            "draft",
            "version",
            "settings",
            "import",
            "platform",
            *("platform grades", "platform test", "platform comparison"),
            *("roster", "empty roster", "conflict"),
            "launch",
            "grade",
            "person",
        ),
        *("/admin/certificates/", "learner's certificate", "/admin/certificates/templates/"),
        *("/admin/certificates/templates/edit", "/admin/mails/"),
        *("/admin/attempts/", "/admin/attempts/?q=nothing", "attempt", "corrected attempt"),
        *("call log", "errors of a call log", "replay", "report", "answers"),
        *("records", "store", "statements", "statement", "voided", "refused", "record job"),
        *("/admin/records/new", "/admin/records/default/keys/new"),
        *("/admin/records/default/imports/new", "/admin/records/default/erasures/new"),
        "/admin/records/default/statements?verb=nonsense&agent=%7B",
        *("/admin/courses/", "/admin/courses/?q=nothing", "/admin/courses/new"),
        *("/admin/courses/import", "/admin/courses/categories"),
        *("course editor", "course module", "course lesson", "course package"),
        *("course assignment", "course settings", "course versions", "course preview"),
        *("course people", "course invitations", "course report", "course person"),
        *("course grading", "submission", "/admin/groups/", "group"),
        *("/admin/quizzes/", "/admin/quizzes/grading", "essay to be marked", "question bank"),
        *("quiz editor", "quiz draft", "quiz analysis", "quiz regrade", "quiz accommodations"),
        *("quiz exchange", "new question", "choice_one question", "fill_in question"),
        *("numeric question", "matching question", "essay question"),
    ],
}
NAMES = {STRANGER: "stranger", LEARNER: "learner", ADMIN: "administrator"}
AT_ONCE = 15
"""Pages of one test, so that none takes minutes."""
ROUNDS = [
    pytest.param(who, pages[first : first + AT_ONCE], id=f"{NAMES[who]}-{first // AT_ONCE + 1}")
    for who, pages in PAGES.items()
    for first in range(0, len(pages), AT_ONCE)
]
LOOKS = [(1280, "light"), (390, "dark")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize(("who", "pages"), ROUNDS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    site, open_page, who, pages, width, scheme
):
    """WCAG 2.2 AA as far as axe-core can see it; and no errors in the console (CSP included)."""
    page = open_page(who, width, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    for path in pages:
        page.goto(site.url + site.pages.get(path, path))
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for violation in found["violations"]:
            nodes = [
                f"{node['html'][:160]} {node['failureSummary']}" for node in violation["nodes"]
            ]
            problems.append(f"{path}: {violation['id']}: {nodes[:3]}")
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            problems.append(f"{path}: {wider} px wider than the screen")
    assert problems == []


@pytest.mark.parametrize(("who", "pages"), ROUNDS)
def test_the_content_security_policy_blocks_nothing_of_ours(site, open_page, who, pages):
    page = open_page(who)
    complaints: list[str] = []

    def listen(message):
        if message.type in ("error", "warning"):
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", listen)
    for path in pages:
        page.goto(site.url + site.pages.get(path, path))
    assert [text for text in complaints if "the server responded with" not in text] == []
