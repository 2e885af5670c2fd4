"""GIFT, Moodle's text format for questions: docs.moodle.org, "GIFT format".

Taken: multiple choice (also with weights), true/false, short answer, missing word, numbers (also
ranges), matching, essay, feedback, titles; categories become tags. No library that is kept up was
found, so this is our own.
"""

import re
from typing import Any

from content.core.quiz.exchange.report import Imported, NotTaken, to_markdown
from content.core.quiz.questions import Question
from content.core.remarks import Remark

_ESCAPED = {
    "~": "\ue000",
    "=": "\ue001",
    "#": "\ue002",
    "{": "\ue003",
    "}": "\ue004",
    ":": "\ue005",
}
_BACK = {mark: char for char, mark in _ESCAPED.items()}


def read_gift(text: str) -> Imported:
    """Questions of a GIFT file."""
    found, tag = Imported(), ""
    plain = text.replace("\ufeff", "").replace("\r\n", "\n")
    for char, mark in _ESCAPED.items():
        plain = plain.replace("\\" + char, mark)
    lines = [line for line in plain.split("\n") if not line.lstrip().startswith("//")]
    for block in _split("\n".join(lines)):
        if block.startswith("$CATEGORY:"):
            head, _, block = block.partition("\n")
            tag = head.partition(":")[2].strip().rpartition("/")[2]
            if not block.strip():
                continue
        _read_block(found, block.strip(), [tag] if tag else [])
    return found


def _split(text: str) -> list[str]:
    """Blocks between empty lines; not within braces."""
    blocks: list[str] = []
    lines: list[str] = []
    depth = 0
    for line in text.split("\n"):
        if not line.strip() and depth <= 0:
            blocks.append("\n".join(lines))
            lines, depth = [], 0
            continue
        lines.append(line)
        depth += line.count("{") - line.count("}")
    blocks.append("\n".join(lines))
    return [block.strip() for block in blocks if block.strip()]


def _clean(text: str) -> str:
    for mark, char in _BACK.items():
        text = text.replace(mark, char)
    return to_markdown(text.replace("\\n", "\n").strip())


def _read_block(found: Imported, block: str, tags: list[str]) -> None:
    title, text = "", block
    named = re.match(r"::(.*?)::", block, re.DOTALL)
    if named:
        title, text = _clean(named[1]), block[named.end() :]
    text = re.sub(r"^\s*\[(html|moodle|plain|markdown)\]", "", text)
    shape = re.search(r"\{(.*?)\}", text, re.DOTALL)
    if shape is None:
        found.leave(title or text, Remark("a description: there is nothing to answer"))
        return
    before, after = text[: shape.start()].rstrip(), text[shape.end() :].strip()
    inner, _, general = shape[1].partition("####")
    raw: dict[str, Any] = {"title": title, "tags": tags, "feedback": _clean(general)}
    stem = f"{before} _____ {after}" if after else before
    raw["text"] = _clean(stem)
    inner = inner.strip()
    try:
        raw |= _read_answer(inner, _clean(before), _clean(after))
    except ValueError as wrong:
        found.leave(title or text, wrong)
        return
    found.take(title, raw)


def _read_answer(inner: str, before: str, after: str) -> dict[str, Any]:
    if not inner:
        return {"kind": "essay"}
    word, *feedback = inner.split("#") if not inner.startswith("#") else ("",)
    if word.strip().upper() in ("T", "TRUE", "F", "FALSE"):
        made: dict[str, Any] = {"kind": "true_false", "is_true": word.strip().upper()[0] == "T"}
        names = ("feedback_wrong", "feedback_right")
        return made | {name: _clean(one) for name, one in zip(names, feedback, strict=False)}
    if inner.startswith("#"):
        return {"kind": "numeric", "numbers": _read_numbers(inner[1:].strip())}
    parts = [
        (sign, *_weigh(body)) for sign, body in re.findall(r"([=~])([^=~]*)", inner, re.DOTALL)
    ]
    if not parts:
        raise NotTaken("the answers begin with neither = nor ~")
    if all(sign == "=" for sign, *_rest in parts):
        if all("->" in body for _s, _w, body, _f in parts):
            return _read_pairs([body for _s, _w, body, _f in parts])
        accepted = [
            {"text": _clean(body), "weight": 1.0 if weight is None else weight, "feedback": told}
            for _s, weight, body, told in parts
        ]
        text = f"{before} [[1]] {after}".strip()
        return {"kind": "fill_in", "text": text, "blanks": [{"id": "1", "accepted": accepted}]}
    return _read_choices(parts)


def _weigh(body: str) -> tuple[float | None, str, str]:
    """(weight, text, feedback) of one answer."""
    text, _, told = body.partition("#")
    found = re.match(r"\s*%(-?[\d.]+)%", text)
    weight = float(found[1]) / 100 if found else None
    return weight, text[found.end() :] if found else text, _clean(told)


def _read_choices(parts: list[tuple[str, float | None, str, str]]) -> dict[str, Any]:
    weighted = any(weight is not None for _s, weight, _b, _f in parts)
    options = [
        {
            "id": f"o{at}",
            "text": _clean(body),
            "is_right": sign == "=" or (weight or 0) > 0,
            "weight": weight if weight is not None else float(sign == "="),
            "feedback": told,
        }
        for at, (sign, weight, body, told) in enumerate(parts, start=1)
    ]
    full = any(sign == "=" or weight == 1 for sign, weight, _b, _f in parts)
    if not weighted:
        right = sum(sign == "=" for sign, *_rest in parts)
        kind = "choice_one" if right == 1 else "choice_many"
        return {"kind": kind, "options": options}
    kind = "choice_one" if full else "choice_many"
    return {"kind": kind, "options": options, "scoring": "weights"}


def _read_pairs(bodies: list[str]) -> dict[str, Any]:
    sides = [tuple(_clean(side) for side in body.split("->", 1)) for body in bodies]
    texts = list(dict.fromkeys(right for _left, right in sides))
    ids = {text: f"r{at}" for at, text in enumerate(texts, start=1)}
    return {
        "kind": "matching",
        "lefts": [
            {"id": f"l{at}", "text": left, "match": ids[right]}
            for at, (left, right) in enumerate(sides, start=1)
            if left
        ],
        "rights": [{"id": ids[text], "text": text} for text in texts],
    }


def _read_numbers(inner: str) -> list[dict[str, Any]]:
    bodies = re.findall(r"=([^=]*)", inner) or [inner]
    numbers = []
    for body in bodies:
        weight, text, told = _weigh(body)
        value, tolerance = text.strip(), "0"
        value = value.replace("\ue005", ":")
        if ".." in value:
            low, high = (float(one) for one in value.split("..", 1))
            value, tolerance = f"{(low + high) / 2:.12g}", f"{abs(high - low) / 2:.12g}"
        elif ":" in value:
            value, tolerance = value.split(":", 1)
        numbers.append(
            {
                "value": value.strip(),
                "tolerance": tolerance.strip(),
                "weight": 1.0 if weight is None else weight,
                "feedback": told,
            }
        )
    return numbers


def write_gift(questions: list[Question]) -> tuple[str, list[tuple[str, Remark]]]:
    """(file, [(question, what it does not tell)]): GIFT has no order, rubric or several blanks."""
    blocks, left_out = [], []
    for at, question in enumerate(questions, start=1):
        body = _write_answer(question)
        name = question.title or f"Q{at}"
        if body is None:
            left_out.append((name, Remark("GIFT has no question of this shape")))
            continue
        general = f"####{_escape(question.feedback)}" if question.feedback else ""
        text = _escape(re.sub(r"\[\[[^\]]*\]\]", "_____", question.text))
        if question.kind == "fill_in" and "[[" in question.text:
            before, _, after = re.sub(r"\[\[[^\]]*\]\]", "\ue010", question.text).partition(
                "\ue010"
            )
            blocks.append(
                f"::{_escape(name)}::[markdown]{_escape(before)}{{{body}{general}}}{_escape(after)}"
            )
            continue
        blocks.append(f"::{_escape(name)}::[markdown]{text} {{{body}{general}}}")
    return "\n\n".join(blocks) + "\n", left_out


def _escape(text: str) -> str:
    return re.sub(r"([~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def _write_answer(question: Question) -> str | None:
    if question.kind == "essay":
        return ""
    if question.kind == "true_false":
        return "TRUE" if question.is_true else "FALSE"
    if question.kind == "numeric":
        return "#" + " ".join(
            f"=%{n.weight * 100:g}%{n.value}:{n.tolerance}" for n in question.numbers
        )
    if question.kind == "fill_in" and len(question.blanks) == 1:
        variants = question.blanks[0].accepted
        return " ".join(f"=%{v.weight * 100:g}%{_escape(v.text)}" for v in variants)
    if question.kind == "matching":
        texts = {right.id: right.text for right in question.rights}
        pairs = [
            f"={_escape(left.text)} -> {_escape(texts[left.match])}" for left in question.lefts
        ]
        used = {left.match for left in question.lefts}
        more = [f"= -> {_escape(one.text)}" for one in question.rights if one.id not in used]
        return " ".join(pairs + more)
    if question.kind == "choice_one" and question.scoring != "weights":
        return " ".join(
            f"{'=' if o.is_right else '~'}{_escape(o.text)}{_told(o.feedback)}"
            for o in question.options
        )
    if question.options:
        right = sum(option.is_right for option in question.options) or 1
        worth = {
            o.id: o.weight
            if question.scoring == "weights"
            else (1 / right if o.is_right else -1 / max(1, len(question.options) - right))
            for o in question.options
        }
        return " ".join(
            f"~%{worth[o.id] * 100:.5g}%{_escape(o.text)}{_told(o.feedback)}"
            for o in question.options
        )
    return None


def _told(feedback: str) -> str:
    return f"#{_escape(feedback)}" if feedback else ""
