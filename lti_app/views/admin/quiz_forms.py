"""From the form of a question to its JSON, and the texts of what is wrong with it.

Rows of a form are numbered fields, `options-0-text`; empty rows are passed over. Parts keep the ids
that learners' answers were given with; new ones get the next that is free.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from content.core.quiz.reading import Problem

KIND_LABELS = {
    "choice_one": _l("Multiple choice, one answer"),
    "choice_many": _l("Multiple choice, several answers"),
    "true_false": _l("True or false"),
    "fill_in": _l("Fill in the blanks"),
    "numeric": _l("Number"),
    "matching": _l("Matching"),
    "ordering": _l("Put in order"),
    "essay": _l("Essay"),
}
SCORING_LABELS = {
    "all_or_nothing": _l("All or nothing"),
    "partial": _l("Points for each right part, less for wrong choices"),
    "weights": _l("By the weight of each option"),
    "positions": _l("Points for each item at its place"),
    "neighbours": _l("Points for each pair in the right order"),
}
PROBLEMS = {
    "missing": _l("is missing"),
    "too_few": _l("needs more entries"),
    "too_many": _l("has too many entries"),
    "too_long": _l("is too long"),
    "not_a_number": _l("is no number"),
    "out_of_range": _l("is out of range"),
    "one_must_be_right": _l("exactly one option must be right"),
    "none_is_right": _l("at least one option must be right"),
    "no_weight_above_zero": _l("at least one weight must be above 0"),
    "not_once_in_the_text": _l("must stand in the text exactly once, as [[1]]"),
    "same_id_twice": _l("has the same entry twice"),
    "less_than_least": _l("is less than the least number of words"),
}
MOST_ROWS = 100


def say(problem: Problem) -> str:
    """A problem for people: where, and what."""
    return f"{problem.place}: {PROBLEMS.get(problem.code, problem.code)} {problem.detail}".strip()


def read_form(kind: str, form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    """The question's JSON as the form has it; `old` is the one being changed, or {}."""
    raw: dict[str, Any] = {
        "kind": kind,
        "title": form.get("title", "").strip(),
        "text": form.get("text", "").replace("\r\n", "\n").strip(),
        "points": form.get("points", "1").replace(",", "."),
        "tags": [tag for tag in form.get("tags", "").replace(";", ",").split(",") if tag.strip()],
        "feedback": _text(form, "feedback"),
        "feedback_right": _text(form, "feedback_right"),
        "feedback_wrong": _text(form, "feedback_wrong"),
        "extra": old.get("extra", {}),
    }
    if form.get("scoring"):
        raw["scoring"] = form["scoring"]
    return raw | _READERS[kind](form, old)


def _text(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _rows(form: Mapping[str, str], name: str, first: str) -> list[dict[str, str]]:
    """Filled rows: {field: text}."""
    found = []
    for at in range(MOST_ROWS):
        start = f"{name}-{at}-"
        row = {
            key[len(start) :]: value.strip() for key, value in form.items() if key.startswith(start)
        }
        if row.get(first):
            found.append(row)
    return found


def _name(rows: list[dict[str, str]], letter: str) -> list[str]:
    """Ids: those that the rows bring, or the next free ones."""
    taken = {row["id"] for row in rows if row.get("id")}
    names, number = [], 0
    for row in rows:
        name = row.get("id", "")
        while not name:
            number += 1
            if f"{letter}{number}" not in taken:
                name = f"{letter}{number}"
                taken.add(name)
        names.append(name)
    return names


def _percent(text: str) -> Any:
    try:
        return float(text.replace(",", ".").rstrip("% ") or 0) / 100
    except ValueError:
        return text


def _read_options(form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    rows = _rows(form, "options", "text")
    options = [
        {
            "id": name,
            "text": row["text"],
            "is_right": row.get("right") == "yes" or form.get("right") == row.get("number"),
            "weight": _percent(row.get("weight", "")),
            "feedback": row.get("feedback", ""),
        }
        for row, name in zip(rows, _name(rows, "o"), strict=True)
    ]
    return {"options": options, "is_shuffled": form.get("is_shuffled") == "yes"}


def _read_truth(form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    return {"is_true": form["is_true"] == "yes"} if "is_true" in form else {}


def _read_blanks(form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    blanks = []
    for at, row in enumerate(_rows(form, "blanks", "accepted"), start=1):
        accepted = []
        for line in row["accepted"].splitlines():
            text, bar, weight = line.rpartition("|")
            one = {"text": (text if bar else line).strip()}
            if bar:
                one["weight"] = _percent(weight)
            accepted.append(one)
        blanks.append(
            {
                "id": row.get("id") or str(at),
                "accepted": [one for one in accepted if one["text"]],
                "is_case_sensitive": row.get("case") == "yes",
                "spaces": row.get("spaces") or "collapse",
            }
        )
    return {"blanks": blanks}


def _read_numbers(form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    numbers = [
        {
            "value": row["value"],
            "tolerance": row.get("tolerance") or "0",
            "tolerance_kind": row.get("kind") or "absolute",
            "weight": _percent(row.get("weight") or "100"),
            "feedback": row.get("feedback", ""),
        }
        for row in _rows(form, "numbers", "value")
    ]
    return {"numbers": numbers}


def _read_matching(form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    rows = [row for row in _rows(form, "pairs", "left") if row.get("right")]
    more = [line.strip() for line in form.get("more", "").splitlines() if line.strip()]
    known = {one["text"]: one["id"] for one in old.get("rights", [])}
    texts = list(dict.fromkeys([row["right"] for row in rows] + more))
    names = _name([{"id": known.get(text, "")} for text in texts], "r")
    ids = dict(zip(texts, names, strict=True))
    lefts = [
        {"id": name, "text": row["left"], "match": ids[row["right"]]}
        for row, name in zip(rows, _name(rows, "l"), strict=True)
    ]
    return {"lefts": lefts, "rights": [{"id": ids[text], "text": text} for text in texts]}


def _read_ordering(form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    known = {one["text"]: one["id"] for one in old.get("items", [])}
    lines = [line.strip() for line in form.get("items", "").splitlines() if line.strip()]
    seen: set[str] = set()
    rows = []
    for line in lines:
        rows.append({"id": "" if line in seen else known.get(line, "")})
        seen.add(line)
    names = _name(rows, "i")
    return {"items": [{"id": n, "text": t} for n, t in zip(names, lines, strict=True)]}


def _read_essay(form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    rubric = []
    rows = _rows(form, "rubric", "text")
    for row, name in zip(rows, _name(rows, "c"), strict=True):
        levels = []
        for at, line in enumerate(row.get("levels", "").splitlines()):
            points, colon, text = line.partition(":")
            if colon:
                number = points.strip().replace(",", ".")
                levels.append({"id": str(at), "points": number, "text": text.strip()})
        rubric.append({"id": name, "text": row["text"], "levels": levels})
    return {
        "rubric": rubric,
        "least_words": form.get("least_words") or 0,
        "most_words": form.get("most_words") or 0,
        "model_answer": _text(form, "model_answer"),
    }


_READERS: dict[str, Callable[[Mapping[str, str], Mapping[str, Any]], dict[str, Any]]] = {
    "choice_one": _read_options,
    "choice_many": _read_options,
    "true_false": _read_truth,
    "fill_in": _read_blanks,
    "numeric": _read_numbers,
    "matching": _read_matching,
    "ordering": _read_ordering,
    "essay": _read_essay,
}
