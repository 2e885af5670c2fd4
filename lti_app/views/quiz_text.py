"""Texts of quizzes as HTML: Markdown without HTML of its own, cleaned again; blanks as fields."""

import re
from functools import lru_cache
from typing import Any

import nh3
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from content.core.quiz.learner_paper import BLANK

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_TAGS = {
    *("p", "br", "strong", "em", "s", "code", "pre", "blockquote", "hr", "ul", "ol", "li"),
    *(
        "a",
        "img",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "h3",
        "h4",
        "h5",
        "h6",
        "sub",
        "sup",
    ),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_ANY_BLANK = re.compile(r"\[\[[^\[\]]{1,40}\]\]")
_INLINE = {"strong", "em", "s", "code", "a", "img", "br", "sub", "sup"}


@lru_cache(2048)
def block(text: str) -> Markup:
    """Paragraphs, lists, tables …"""
    html = _MARKDOWN.render(text)
    schemes = {"http", "https", "mailto"}
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=schemes)
    return Markup(clean)  # noqa: S704  cleaned by nh3


@lru_cache(4096)
def inline(text: str) -> Markup:
    """Within a line: of options and pieces."""
    html = _MARKDOWN.renderInline(text)
    schemes = {"http", "https", "mailto"}
    clean = nh3.clean(html, tags=_INLINE, attributes=_ATTRIBUTES, url_schemes=schemes)
    return Markup(clean)  # noqa: S704  cleaned by nh3


def with_blanks(shown: dict[str, Any], given: dict[str, str]) -> Markup:
    """The text of a fill-in question with a field in place of each mark."""
    names = [blank["id"] for blank in shown["blanks"]]

    def field(found: Any) -> str:
        name = found[1]
        if name not in names:
            return str(found[0])
        number = names.index(name) + 1
        label = _("Blank %(number)s of question %(slot)s", number=number, slot=shown["slot"])
        return (
            f'<input class="form-control quiz-blank" type="text" data-part="{name}" '
            f'name="q{shown["slot"]}.{name}" '
            f'aria-label="{escape(label)}" value="{escape(given.get(name, ""))}" '
            'maxlength="1000" autocomplete="off" autocapitalize="off" spellcheck="false">'
        )

    return Markup(BLANK.sub(field, str(block(shown["text"]))))  # noqa: S704  cleaned and escaped


def without_blanks(text: str) -> Markup:
    """The same where nothing is to be filled in: a line in place of each mark."""
    return Markup(_ANY_BLANK.sub("<span class='quiz-gap'>…</span>", str(block(text))))  # noqa: S704
