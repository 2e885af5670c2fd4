"""Markdown of courses: what authors need stays, what harms goes."""

from html.parser import HTMLParser
from uuid import UUID

import pytest

from content.core.markdown import find_files, render_markdown

FILE = UUID("0d1f5c1e-7a3b-4c2d-9e8f-1a2b3c4d5e6f")


def show(text: str) -> str:
    return render_markdown(text, lambda one: f"/f/{one}" if one == FILE else None)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Light", "<h2>Light</h2>"),
        ("**so** *is* ~~it~~", "<strong>so</strong> <em>is</em> <s>it</s>"),
        ("| a |\n|---|\n| b |", "<td>b</td>"),
        (f"![Leaf](file:{FILE})", f'<img src="/f/{FILE}" alt="Leaf">'),
        (f"[Sheet](file:{FILE})", f'href="/f/{FILE}"'),
        ("<details><summary>S</summary>T</details>", "<summary>S</summary>"),
        ("<sub>2</sub>", "<sub>2</sub>"),
        ("[x](https://example.org/a?b=c)", 'rel="noopener noreferrer"'),
    ],
)
def test_what_authors_need_stays(text, html):
    assert html in show(text)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A", "2"),
        ("## A", "2"),
        ("###### A", "2"),
        ("# A\n## B\n### C\n# D", "2342"),
        ("## A\n### B\n## C", "232"),
        ("## A\n##### B\n### C\n# D", "2332"),
        ("# A\n### B\n## C", "233"),
        ("<h4 lang=de>A</h4>\n\n<h5>B</h5>", "23"),
        ("```\n<h5>\n```\n\n## A", "2"),
    ],
)
def test_the_first_heading_follows_the_title_of_the_page_and_no_level_is_left_out(text, levels):
    """The page has the h1; people who listen walk from heading to heading. WCAG 2.2, 1.3.1"""
    found: list[str] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, _attributes: found.append(tag)  # type: ignore[method-assign]
    reader.handle_endtag = lambda tag: found.append(f"/{tag}")  # type: ignore[method-assign]
    reader.feed(show(text))
    headings = [tag for tag in found if tag.lstrip("/").startswith("h")]
    assert headings[::2] == [f"h{level}" for level in levels]
    assert headings[1::2] == [f"/{tag}" for tag in headings[::2]]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "<a href=' javascript:alert(1)'>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data='x'></object><embed src='x'>",
    "<form action='https://evil.example'><input name=a><button>x</button></form>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href='https://evil.example/a.css'>",
    "<video src=x onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<b onmouseover=alert(1)>x</b>",
    "<p id=main class='topbar' name=csrf_token>x</p>",
    "![x](https://evil.example/track.gif)",
    "<img src='https://evil.example/track.gif'>",
    "<img src='file:///etc/passwd'>",
    "[x](file:///etc/passwd)",
    "<img src='file:7c9e6679-7425-40de-944b-e07fc1f90ae7'>",
    "<textarea></textarea><select></select>",
    "```<script>\n</script>```",
    "<!--<img src='--><img src=x onerror=alert(1)>-->",
    '<a href="https://example.org" onclick="alert(1)" target="_top">x</a>',
    "[x](https://example.org 'a\" onmouseover=\"alert(1)')",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_harms_goes(text):
    """PAIN-23. What is left parses without anything that runs, loads, covers or posts."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            values = dict(attributes)
            if tag in {
                *("script", "style", "iframe", "object", "embed", "form", "input", "button"),
                *("base", "meta", "link", "svg", "math", "video", "textarea", "select"),
            }:
                found.append(tag)
            found.extend(
                name
                for name in values
                if name.startswith("on") or name in ("style", "id", "class", "name", "srcset")
            )
            address = (values.get("src") or values.get("href") or "").strip().lower()
            if tag == "img" and address and not address.startswith("/f/"):
                found.append(address)
            if address.startswith(("javascript", "data", "vbscript", "file")):
                found.append(address)
            if values.get("target", "_blank") != "_blank":
                found.append("target")

    Reader().feed(show(text))
    assert found == []


def test_files_that_a_text_shows_are_found():
    assert find_files(f"![a](file:{FILE}) and [b](file:{FILE})") == {FILE}
