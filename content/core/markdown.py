"""Markdown of courses to HTML that harms nobody.

CommonMark with tables and strikethrough (markdown-it-py); HTML inside it is allowed and cleaned
like everything else (nh3): no script, no style, no event, no form, no frame, no address but https,
http, mailto and files of the course. Pictures are files of the course: `![text](file:<file id>)`.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

import nh3
from markdown_it import MarkdownIt

FileUrl = Callable[[UUID], str | None]
"""The address of a file for who reads; None: there is no such file."""

_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "kbd", "samp"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "caption"),
    *("a", "img", "figure", "figcaption", "em", "strong", "b", "i", "s", "del", "ins", "sub"),
    *("sup", "small", "mark", "q", "abbr", "details", "summary", "div", "span", "aside"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "abbr": {"title"},
    "details": {"open"},
    "*": {"lang", "dir"},
}
_FILE = re.compile(r"file:([0-9a-fA-F-]{32,36})")
_HEADING = re.compile(r"<(/?)h([2-6])(?=[ >])")
_BAD = re.compile(r"^(javascript|vbscript|data|file):", re.IGNORECASE)


def render_markdown(text: str, file_url: FileUrl) -> str:
    """HTML of `text`. Its first heading is h2, as the page has the h1, and no level is left out
    on the way down, whichever the author began with (WCAG 2.2, 1.3.1)."""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in ("src", "href"):
            return value
        found = _FILE.fullmatch(value)
        if found is not None:
            return _address(found[1], file_url)
        # Pictures from elsewhere would tell others who reads what, and the page forbids them.
        return None if tag == "img" or value.startswith("file:") else value

    cleaned = nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math"},
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"https", "http", "mailto", "file"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return _close_gaps(cleaned)


def find_files(text: str) -> set[UUID]:
    """Ids of the files that a text shows."""
    found = set()
    for name in _FILE.findall(text):
        try:
            found.add(UUID(name))
        except ValueError:
            continue
    return found


def _address(name: str, file_url: FileUrl) -> str | None:
    try:
        return file_url(UUID(name))
    except ValueError:
        return None


def _close_gaps(html: str) -> str:
    """Headings by their depth: h2, and one more for each heading that they are below."""
    above: list[str] = []

    def renumber(found: re.Match[str]) -> str:
        if not found[1]:
            while above and above[-1] >= found[2]:
                above.pop()
            above.append(found[2])
        return f"<{found[1]}h{len(above) + 1}"

    return _HEADING.sub(renumber, html)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    # Its own rule refuses every file:, also ours; what is dangerous is cleaned away afterwards.
    parser.validateLink = lambda url: (  # type: ignore[method-assign]
        _FILE.fullmatch(url) is not None or not _BAD.match(url.strip())
    )

    def lower(state: object) -> None:
        for token in state.tokens:  # type: ignore[attr-defined]
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{min(6, int(token.tag[1]) + 1)}"

    parser.core.ruler.push("lower_headings", lower)
    return parser
