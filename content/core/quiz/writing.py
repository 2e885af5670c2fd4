"""Questions as JSON: only the fields that their kind has, in a fixed order."""

from dataclasses import asdict
from typing import Any

from content.core.quiz.questions import Kind, Question

_FIELDS: dict[Kind, tuple[str, ...]] = {
    "choice_one": ("options", "is_shuffled"),
    "choice_many": ("options", "is_shuffled"),
    "true_false": ("is_true",),
    "fill_in": ("blanks",),
    "numeric": ("numbers",),
    "matching": ("lefts", "rights"),
    "ordering": ("items",),
    "essay": ("rubric", "least_words", "most_words", "model_answer"),
}
_COMMON = ("kind", "title", "text", "points", "scoring")
_AFTER = ("feedback", "feedback_right", "feedback_wrong", "tags", "extra")


def write_question(question: Question) -> dict[str, Any]:
    """JSON that `reading.read_question` turns back into an equal question."""
    values = asdict(question)
    names = (*_COMMON, *_FIELDS[question.kind], *_AFTER)
    return {name: _plain(values[name]) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value
