"""Questions as JSON: only the fields that their kind has, in a fixed order."""

from dataclasses import asdict
from typing import Any

from content.core.quiz.questions import Kind, Question
from content.core.quiz.reading import QuestionInvalid, read_question

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


def write_short(question: Question) -> dict[str, Any]:
    """The same without what reading would put there anyway: for files that people edit."""
    made = write_question(question)
    _shorten(made, made, question)
    return made


def _shorten(part: Any, whole: dict[str, Any], question: Question) -> None:
    """Take out of `part`, a value inside `whole`, whatever is not missed."""
    if isinstance(part, list):
        for one in part:
            _shorten(one, whole, question)
        return
    if not isinstance(part, dict) or part is whole.get("extra"):
        return
    for name in list(part):
        value = part.pop(name)
        if not _is_still(whole, question):
            part[name] = value
            _shorten(value, whole, question)


def _is_still(whole: dict[str, Any], question: Question) -> bool:
    try:
        return read_question(whole) == question
    except QuestionInvalid:
        return False


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value
