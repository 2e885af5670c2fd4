"""One small question of each kind, as JSON; and short ways to make others."""

from typing import Any

from content.core.quiz.questions import Question
from content.core.quiz.reading import read_question


def option(id_: str, is_right: bool = False, weight: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"id": id_, "text": f"Option {id_}", "is_right": is_right, "weight": weight, **more}


def piece(id_: str, text: str = "") -> dict[str, Any]:
    return {"id": id_, "text": text or f"Piece {id_}"}


def blank(id_: str, *accepted: Any, **more: Any) -> dict[str, Any]:
    variants = [one if isinstance(one, dict) else {"text": one} for one in accepted]
    return {"id": id_, "accepted": variants, **more}


ONE = {
    "kind": "choice_one",
    "text": "Which one?",
    "options": [option("a"), option("b", True), option("c")],
}
MANY = {
    "kind": "choice_many",
    "text": "Which ones?",
    "options": [option("a", True), option("b", True), option("c"), option("d")],
}
TRUTH = {"kind": "true_false", "text": "Water is wet.", "is_true": True}
FILL = {
    "kind": "fill_in",
    "text": "[[1]] is the capital of France, [[2]] that of Spain.",
    "blanks": [blank("1", "Paris"), blank("2", "Madrid")],
}
NUMERIC = {
    "kind": "numeric",
    "text": "How much is π?",
    "numbers": [{"value": "3.14", "tolerance": "0.01"}],
}
MATCHING = {
    "kind": "matching",
    "text": "Who made what?",
    "lefts": [
        {"id": "1", "text": "Guernica", "match": "x"},
        {"id": "2", "text": "The Scream", "match": "y"},
        {"id": "3", "text": "Hay Wain", "match": "z"},
    ],
    "rights": [
        piece("x", "Picasso"),
        piece("y", "Munch"),
        piece("z", "Constable"),
        piece("w", "Klee"),
    ],
}
ORDERING = {
    "kind": "ordering",
    "text": "From small to large",
    "items": [piece("1"), piece("2"), piece("3"), piece("4")],
}
ESSAY = {
    "kind": "essay",
    "text": "Why?",
    "points": 10,
    "model_answer": "Because of the tide.",
    "rubric": [
        {
            "id": "c",
            "text": "Content",
            "levels": [
                {"id": "0", "text": "none", "points": 0},
                {"id": "1", "text": "some", "points": 2},
                {"id": "2", "text": "all", "points": 4},
            ],
        },
        {
            "id": "l",
            "text": "Language",
            "levels": [
                {"id": "0", "text": "poor", "points": 0},
                {"id": "1", "text": "good", "points": 1},
            ],
        },
    ],
}
ALL = (ONE, MANY, TRUTH, FILL, NUMERIC, MATCHING, ORDERING, ESSAY)


def question(raw: dict[str, Any], **changes: Any) -> Question:
    return read_question({**raw, **changes})
