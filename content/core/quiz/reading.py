"""Questions from JSON and back; everything that is wrong is named at once, with its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from content.core.quiz.questions import (
    KINDS,
    SCORINGS,
    Blank,
    Criterion,
    Kind,
    Left,
    Level,
    Number,
    Option,
    Piece,
    Question,
    Scoring,
    Spaces,
    ToleranceKind,
    Variant,
)

LONGEST_TEXT = 50_000
MOST_PARTS = 100
MOST_POINTS = 10_000.0


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where."""

    place: str
    """JSON path below the question: `options/2/text`."""
    code: str
    """A word for programs; texts for people are the page's."""
    detail: str = ""


class QuestionInvalid(ValueError):
    """The question cannot be asked as it is."""

    status_hint = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{one.place}: {one.code} {one.detail}" for one in problems))


class _Reader:
    """Collects problems while it takes values out of untyped JSON."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, place: str, code: str, detail: object = "") -> None:
        self.problems.append(Problem(place, code, str(detail)[:200]))

    def text(self, raw: Mapping[str, Any], name: str, place: str, *, needed: bool = False) -> str:
        value = raw.get(name, "")
        value = str(value) if isinstance(value, int | float) else value
        if not isinstance(value, str):
            self.wrong(f"{place}{name}", "not_a_text")
            return ""
        if needed and not value.strip():
            self.wrong(f"{place}{name}", "missing")
        if len(value) > LONGEST_TEXT:
            self.wrong(f"{place}{name}", "too_long", LONGEST_TEXT)
        if "\x00" in value:
            self.wrong(f"{place}{name}", "not_a_text")
        return value.strip("\n")

    def number(
        self, raw: Mapping[str, Any], name: str, place: str, default: float, low: float, high: float
    ) -> float:
        value = raw.get(name, default)
        try:
            found = float(value if not isinstance(value, bool) else "no")
        except (TypeError, ValueError):
            self.wrong(f"{place}{name}", "not_a_number", value)
            return default
        if not low <= found <= high:  # false for NaN, too
            self.wrong(f"{place}{name}", "out_of_range", f"{low:g}..{high:g}")
            return default
        return found

    def decimal(self, raw: Mapping[str, Any], name: str, place: str, default: str) -> str:
        value = str(raw.get(name, default)).strip().replace(",", ".") or default
        try:
            found = Decimal(value)
        except InvalidOperation:
            self.wrong(f"{place}{name}", "not_a_number", value)
            return default or "0"
        if not found.is_finite() or abs(found.adjusted()) > 300:
            self.wrong(f"{place}{name}", "not_a_number", value)
        return value

    def switch(self, raw: Mapping[str, Any], name: str, place: str, default: bool) -> bool:
        value = raw.get(name, default)
        if not isinstance(value, bool):
            self.wrong(f"{place}{name}", "not_true_or_false", value)
            return default
        return value

    def rows(
        self, raw: Mapping[str, Any], name: str, place: str, least: int
    ) -> list[tuple[str, Mapping[str, Any]]]:
        value = raw.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self.wrong(f"{place}{name}", "not_a_list")
            return []
        if len(value) < least:
            self.wrong(f"{place}{name}", "too_few", least)
        if len(value) > MOST_PARTS:
            self.wrong(f"{place}{name}", "too_many", MOST_PARTS)
        return [(f"{place}{name}/{at}/", one) for at, one in enumerate(value[:MOST_PARTS])]

    def unique(self, ids: list[str], place: str) -> None:
        if len(set(ids)) != len(ids):
            self.wrong(place, "same_id_twice")


def read_question(raw: Mapping[str, Any]) -> Question:
    """The question that `raw` (JSON as `write_question` makes it) describes; raises
    QuestionInvalid with all problems."""
    reader = _Reader()
    kind = raw.get("kind")
    if kind not in KINDS:
        raise QuestionInvalid((Problem("kind", "unknown", str(kind)[:50]),))
    kind = cast(Kind, kind)
    scoring = raw.get("scoring") or SCORINGS[kind][0]
    if scoring not in SCORINGS[kind]:
        reader.wrong("scoring", "unknown", scoring)
        scoring = SCORINGS[kind][0]
    parts = _PARTS[kind](reader, raw, cast(Scoring, scoring))
    tags = raw.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        reader.wrong("tags", "not_a_list")
        tags = []
    extra = raw.get("extra")
    found = Question(
        kind=kind,
        text=reader.text(raw, "text", "", needed=True),
        points=reader.number(raw, "points", "", 1.0, 0.0, MOST_POINTS),
        title=reader.text(raw, "title", "")[:200],
        scoring=cast(Scoring, scoring),
        is_shuffled=reader.switch(raw, "is_shuffled", "", True),
        feedback=reader.text(raw, "feedback", ""),
        feedback_right=reader.text(raw, "feedback_right", ""),
        feedback_wrong=reader.text(raw, "feedback_wrong", ""),
        tags=tuple(dict.fromkeys(tag.strip().lower() for tag in tags if tag.strip())),
        extra=dict(extra) if isinstance(extra, Mapping) else {},
        **parts,
    )
    if reader.problems:
        raise QuestionInvalid(tuple(reader.problems))
    return found


def _read_options(reader: _Reader, raw: Mapping[str, Any], scoring: Scoring) -> dict[str, Any]:
    options = tuple(
        Option(
            id=reader.text(row, "id", place, needed=True),
            text=reader.text(row, "text", place, needed=True),
            is_right=reader.switch(row, "is_right", place, False),
            weight=reader.number(row, "weight", place, 0.0, -1.0, 1.0),
            feedback=reader.text(row, "feedback", place),
        )
        for place, row in reader.rows(raw, "options", "", 2)
    )
    reader.unique([option.id for option in options], "options")
    right = sum(option.is_right for option in options)
    if raw["kind"] == "choice_one" and scoring == "all_or_nothing" and right != 1:
        reader.wrong("options", "one_must_be_right", right)
    if scoring == "weights" and max((o.weight for o in options), default=0) <= 0:
        reader.wrong("options", "no_weight_above_zero")
    if raw["kind"] == "choice_many" and scoring != "weights" and not right:
        reader.wrong("options", "none_is_right")
    return {"options": options}


def _read_truth(reader: _Reader, raw: Mapping[str, Any], scoring: Scoring) -> dict[str, Any]:
    if "is_true" not in raw:
        reader.wrong("is_true", "missing")
    return {"is_true": reader.switch(raw, "is_true", "", True)}


def _read_blanks(reader: _Reader, raw: Mapping[str, Any], scoring: Scoring) -> dict[str, Any]:
    blanks = []
    for place, row in reader.rows(raw, "blanks", "", 1):
        spaces = row.get("spaces", "collapse")
        if spaces not in ("collapse", "ignore", "exact"):
            reader.wrong(f"{place}spaces", "unknown", spaces)
            spaces = "collapse"
        accepted = tuple(
            Variant(
                text=reader.text(variant, "text", inner, needed=True),
                weight=reader.number(variant, "weight", inner, 1.0, 0.0, 1.0),
                feedback=reader.text(variant, "feedback", inner),
            )
            for inner, variant in reader.rows(row, "accepted", place, 1)
        )
        id_ = reader.text(row, "id", place, needed=True)
        is_exact = reader.switch(row, "is_case_sensitive", place, False)
        blanks.append(Blank(id_, accepted, is_exact, cast(Spaces, spaces)))
        marks = str(raw.get("text", "")).count(f"[[{id_}]]")
        if marks != 1 and not (marks == 0 and len(raw.get("blanks", [])) == 1):
            reader.wrong(f"{place}id", "not_once_in_the_text", f"[[{id_}]]")
    reader.unique([blank.id for blank in blanks], "blanks")
    return {"blanks": tuple(blanks)}


def _read_numbers(reader: _Reader, raw: Mapping[str, Any], scoring: Scoring) -> dict[str, Any]:
    numbers = []
    for place, row in reader.rows(raw, "numbers", "", 1):
        kind = row.get("tolerance_kind", "absolute")
        if kind not in ("absolute", "relative"):
            reader.wrong(f"{place}tolerance_kind", "unknown", kind)
            kind = "absolute"
        if "value" not in row:
            reader.wrong(f"{place}value", "missing")
        tolerance = reader.decimal(row, "tolerance", place, "0")
        if tolerance.startswith("-"):
            reader.wrong(f"{place}tolerance", "out_of_range", tolerance)
        numbers.append(
            Number(
                value=reader.decimal(row, "value", place, ""),
                tolerance=tolerance,
                tolerance_kind=cast(ToleranceKind, kind),
                weight=reader.number(row, "weight", place, 1.0, 0.0, 1.0),
                feedback=reader.text(row, "feedback", place),
            )
        )
    return {"numbers": tuple(numbers)}


def _read_pieces(reader: _Reader, raw: Mapping[str, Any], name: str) -> tuple[Piece, ...]:
    pieces = tuple(
        Piece(
            reader.text(row, "id", place, needed=True), reader.text(row, "text", place, needed=True)
        )
        for place, row in reader.rows(raw, name, "", 2)
    )
    reader.unique([piece.id for piece in pieces], name)
    return pieces


def _read_matching(reader: _Reader, raw: Mapping[str, Any], scoring: Scoring) -> dict[str, Any]:
    rights = _read_pieces(reader, raw, "rights")
    lefts = tuple(
        Left(
            reader.text(row, "id", place, needed=True),
            reader.text(row, "text", place, needed=True),
            reader.text(row, "match", place, needed=True),
        )
        for place, row in reader.rows(raw, "lefts", "", 1)
    )
    reader.unique([left.id for left in lefts], "lefts")
    known = {right.id for right in rights}
    for at, left in enumerate(lefts):
        if left.match not in known:
            reader.wrong(f"lefts/{at}/match", "unknown", left.match)
    return {"lefts": lefts, "rights": rights}


def _read_ordering(reader: _Reader, raw: Mapping[str, Any], scoring: Scoring) -> dict[str, Any]:
    return {"items": _read_pieces(reader, raw, "items")}


def _read_essay(reader: _Reader, raw: Mapping[str, Any], scoring: Scoring) -> dict[str, Any]:
    rubric = tuple(
        Criterion(
            id=reader.text(row, "id", place, needed=True),
            text=reader.text(row, "text", place, needed=True),
            levels=tuple(
                Level(
                    reader.text(level, "id", inner, needed=True),
                    reader.text(level, "text", inner),
                    reader.number(level, "points", inner, 0.0, 0.0, MOST_POINTS),
                )
                for inner, level in reader.rows(row, "levels", place, 1)
            ),
        )
        for place, row in reader.rows(raw, "rubric", "", 0)
    )
    least = int(reader.number(raw, "least_words", "", 0, 0, 100_000))
    most = int(reader.number(raw, "most_words", "", 0, 0, 100_000))
    if most and least > most:
        reader.wrong("most_words", "less_than_least", least)
    model = reader.text(raw, "model_answer", "")
    return {"rubric": rubric, "least_words": least, "most_words": most, "model_answer": model}


_PARTS: dict[Kind, Callable[[_Reader, Mapping[str, Any], Scoring], dict[str, Any]]] = {
    "choice_one": _read_options,
    "choice_many": _read_options,
    "true_false": _read_truth,
    "fill_in": _read_blanks,
    "numeric": _read_numbers,
    "matching": _read_matching,
    "ordering": _read_ordering,
    "essay": _read_essay,
}
