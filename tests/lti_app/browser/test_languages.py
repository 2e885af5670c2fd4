"""Other languages: chosen by the browser or the person; Arabic from right to left."""

import pytest

from tests.lti_app.browser.conftest import AXE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_arabic_pages_are_written_from_right_to_left_and_fit(site, open_page, width):
    """The first letter of a page is where its readers look for it. WCAG 2.2 1.3.2, 3.1.1"""
    page = open_page("learner@school.test", width, locale="ar", bypass_csp=True)
    for path in ("/learning", "/account/notifications", "/catalogue", site.pages["certificate"]):
        page.goto(site.url + path)
        assert page.evaluate("[document.documentElement.lang, document.dir]") == ["ar", "rtl"]
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        brand = page.locator(".brand").bounding_box()
        assert brand is not None
        assert brand["x"] > width / 2
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [violation["id"] for violation in found["violations"]] == []


@pytest.mark.parametrize(
    ("locale", "heading"),
    [("de", "Mein Lernen"), ("fr", "Mon apprentissage"), ("es", "Mi aprendizaje")],
)
def test_the_browser_s_language_is_spoken(site, open_page, locale, heading):
    page = open_page("learner@school.test", locale=f"{locale}-{locale.upper()}")
    assert page.locator("h1").inner_text() == heading
