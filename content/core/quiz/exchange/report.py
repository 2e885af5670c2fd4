"""What an import brings: questions, and what could not be taken, with the reason."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from content.core.quiz.reading import QuestionInvalid, read_question
from content.core.quiz.writing import write_question
from content.core.remarks import Remark


class FileUnreadable(ValueError):
    """The file is not of the format that it should be."""

    status_hint = 422

    def __init__(self, template: str, **values: object) -> None:
        self.remark = Remark(template, **values)
        super().__init__(str(self.remark))


class NotTaken(ValueError):
    """A question that the other side cannot hold, with the reason."""

    def __init__(self, template: str, **values: object) -> None:
        self.remark = Remark(template, **values)
        super().__init__(str(self.remark))


Why = Remark | QuestionInvalid
"""Why a question was left out, or what a file does not tell of it."""


@dataclass
class Imported:
    """Collected question by question."""

    questions: list[dict[str, Any]] = field(default_factory=list)
    """JSON that `reading.read_question` takes."""
    left_out: list[tuple[str, Why]] = field(default_factory=list)
    """(name or beginning of the question, why)."""

    def take(self, name: str, raw: dict[str, Any]) -> None:
        """Keep a question if it is one; else note why not."""
        try:
            self.questions.append(write_question(read_question(raw)))
        except QuestionInvalid as wrong:
            self.leave(name or str(raw.get("text", "")), wrong)

    def leave(self, name: str, why: Why | ValueError) -> None:
        """Note what could not be taken; a ValueError of Python's own names a value."""
        if isinstance(why, FileUnreadable | NotTaken):
            why = why.remark
        elif not isinstance(why, Remark | QuestionInvalid):
            why = Remark("a value cannot be read: %(fault)s", fault=str(why)[:200])
        self.left_out.append((" ".join(name.split())[:80] or "?", why))


def to_markdown(text: str) -> str:
    """HTML of other systems as Markdown: paragraphs, breaks, lists, bold, italics, code, images;
    the words of everything else."""
    if "<" not in text:
        return html.unescape(text).strip()
    plain = re.sub(r"\s+", " ", text)
    for pattern, mark in _MARKS:
        plain = re.sub(pattern, mark, plain, flags=re.IGNORECASE)
    plain = html.unescape(re.sub(r"<[^>]*>", "", plain))
    lines = [line.strip() for line in plain.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_MARKS = (
    (r"<\s*(script|style)\b.*?</\s*\1\s*>", ""),
    (r"<br\s*/?>", "\n"),
    (r"</(p|div|h\d|ul|ol|table|tr)>", "\n\n"),
    (r"<li[^>]*>", "\n- "),
    (r"</?(strong|b)>", "**"),
    (r"</?(em|i)>", "*"),
    (r"</?code>", "`"),
    (r'<img[^>]*src="([^"]*)"[^>]*>', r"![](\1)"),
)
