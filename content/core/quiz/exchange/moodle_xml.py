"""Moodle XML: docs.moodle.org, "Moodle XML format".

Taken: multichoice, truefalse, shortanswer, numerical, matching, essay, ordering; categories become
tags. Not taken, and said so: cloze, calculated, drag and drop, embedded files.
"""

from collections.abc import Callable
from typing import Any

from lxml import etree

from content.core.quiz.exchange.report import FileUnreadable, Imported, to_markdown
from content.core.quiz.questions import Question
from content.core.remarks import Remark


def parse_xml(data: bytes) -> Any:
    """The root element; nothing outside of the file is read. Raises FileUnreadable."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as wrong:
        raise FileUnreadable("This is no XML: %(fault)s", fault=str(wrong)[:200]) from wrong
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileUnreadable("A file with a document type of its own is not read.")
    return root


def read_moodle_xml(data: bytes) -> Imported:
    """Questions of a Moodle XML file; raises FileUnreadable."""
    root = parse_xml(data)
    if root.tag != "quiz":
        raise FileUnreadable("This is no Moodle XML: the first element is not <quiz>.")
    found, tag = Imported(), ""
    for element in root.iterfind("question"):
        kind = element.get("type", "")
        if kind == "category":
            tag = _text(element, "category/text").rpartition("/")[2]
            continue
        name = _text(element, "name/text")
        reader = _READERS.get(kind)
        if reader is None:
            told = Remark("questions of the type “%(kind)s” are not taken", kind=kind)
            found.leave(name, told)
            continue
        if element.find(".//file") is not None:
            told = Remark("pictures inside the file are not taken: add them by hand")
            found.leave(name, told)
            continue
        tags = [_plain(one) for one in element.iterfind("tags/tag/text")]
        try:
            raw = {
                "title": name,
                "text": to_markdown(_text(element, "questiontext/text")),
                "points": float(_text(element, "defaultgrade") or 1),
                "feedback": to_markdown(_text(element, "generalfeedback/text")),
                "tags": [*([tag] if tag else []), *tags],
                **reader(element),
            }
        except ValueError as wrong:
            found.leave(name, wrong)
            continue
        found.take(name, raw)
    return found


def _plain(element: Any) -> str:
    return "".join(element.itertext()).strip() if element is not None else ""


def _text(element: Any, path: str) -> str:
    return _plain(element.find(path))


def _answers(element: Any) -> list[tuple[float, str, str]]:
    """(fraction 0..1, text, feedback)."""
    return [
        (
            float(one.get("fraction", "0")) / 100,
            to_markdown(_text(one, "text")),
            to_markdown(_text(one, "feedback/text")),
        )
        for one in element.iterfind("answer")
    ]


def _read_choice(element: Any) -> dict[str, Any]:
    answers = _answers(element)
    single = _text(element, "single") in ("", "true", "1")
    options = [
        {"id": f"o{at}", "text": text, "is_right": share > 0, "weight": share, "feedback": told}
        for at, (share, text, told) in enumerate(answers, start=1)
    ]
    plain = single and sorted(share for share, *_r in answers)[:-1] == [0.0] * (len(answers) - 1)
    return {
        "kind": "choice_one" if single else "choice_many",
        "options": options,
        "scoring": "all_or_nothing" if plain else "weights",
        "is_shuffled": _text(element, "shuffleanswers") in ("", "true", "1"),
        "feedback_right": to_markdown(_text(element, "correctfeedback/text")),
        "feedback_wrong": to_markdown(_text(element, "incorrectfeedback/text")),
    }


def _read_truth(element: Any) -> dict[str, Any]:
    best = max(_answers(element), key=lambda one: one[0])
    return {"kind": "true_false", "is_true": best[1].strip().lower() == "true"}


def _read_short(element: Any) -> dict[str, Any]:
    accepted = [
        {"text": text, "weight": share, "feedback": told}
        for share, text, told in _answers(element)
        if share > 0
    ]
    blank = {"id": "1", "accepted": accepted, "is_case_sensitive": _text(element, "usecase") == "1"}
    return {"kind": "fill_in", "blanks": [blank]}


def _read_numeric(element: Any) -> dict[str, Any]:
    numbers = [
        {
            "value": _text(one, "text"),
            "tolerance": _text(one, "tolerance") or "0",
            "weight": float(one.get("fraction", "0")) / 100,
            "feedback": to_markdown(_text(one, "feedback/text")),
        }
        for one in element.iterfind("answer")
        if _text(one, "text") != "*" and float(one.get("fraction", "0")) > 0
    ]
    return {"kind": "numeric", "numbers": numbers}


def _read_matching(element: Any) -> dict[str, Any]:
    pairs = [
        (to_markdown(_text(one, "text")), to_markdown(_text(one, "answer/text")))
        for one in element.iterfind("subquestion")
    ]
    ids = {text: f"r{at}" for at, text in enumerate(dict.fromkeys(r for _l, r in pairs), start=1)}
    lefts = [
        {"id": f"l{at}", "text": left, "match": ids[right]}
        for at, (left, right) in enumerate(pairs, start=1)
        if left
    ]
    rights = [{"id": id_, "text": text} for text, id_ in ids.items()]
    return {"kind": "matching", "lefts": lefts, "rights": rights}


def _read_ordering(element: Any) -> dict[str, Any]:
    texts = [text for _share, text, _told in _answers(element)]
    items = [{"id": f"i{at}", "text": text} for at, text in enumerate(texts, start=1)]
    return {"kind": "ordering", "items": items}


def _read_essay(element: Any) -> dict[str, Any]:
    most = _text(element, "maxwordlimit")
    return {
        "kind": "essay",
        "model_answer": to_markdown(_text(element, "graderinfo/text")),
        "most_words": int(most) if most.isdigit() else 0,
    }


_READERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "multichoice": _read_choice,
    "truefalse": _read_truth,
    "shortanswer": _read_short,
    "numerical": _read_numeric,
    "matching": _read_matching,
    "ordering": _read_ordering,
    "essay": _read_essay,
}


def write_moodle_xml(questions: list[Question]) -> tuple[bytes, list[tuple[str, Remark]]]:
    """(file, [(question, what it does not tell)])."""
    root, left_out = etree.Element("quiz"), []
    for at, question in enumerate(questions, start=1):
        name = question.title or f"Q{at}"
        if question.kind == "fill_in" and len(question.blanks) > 1:
            left_out.append((name, Remark("several blanks would be a cloze question")))
            continue
        element = etree.SubElement(root, "question", type=_TYPES[question.kind])
        _add(_sub(element, "name"), "text", name)
        _add(_sub(element, "questiontext", format="markdown"), "text", _stem(question))
        _add(_sub(element, "generalfeedback", format="markdown"), "text", question.feedback)
        _add(element, "defaultgrade", f"{question.points:g}")
        _write_parts(element, question)
        for tag in question.tags:
            _add(_sub(_child(element, "tags"), "tag"), "text", tag)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data, left_out


_TYPES = {
    "choice_one": "multichoice",
    "choice_many": "multichoice",
    "true_false": "truefalse",
    "fill_in": "shortanswer",
    "numeric": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "essay": "essay",
}


def _sub(parent: Any, tag: str, **attributes: str) -> Any:
    return etree.SubElement(parent, tag, dict(attributes))


def _child(parent: Any, tag: str) -> Any:
    found = parent.find(tag)
    return etree.SubElement(parent, tag) if found is None else found


def _add(parent: Any, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = "".join(c for c in text if c >= " " or c in "\n\t")


def _stem(question: Question) -> str:
    text = question.text
    for blank in question.blanks:
        text = text.replace(f"[[{blank.id}]]", "_____")
    return text


def _answer(element: Any, share: float, text: str, told: str = "") -> Any:
    made = _sub(element, "answer", fraction=f"{share * 100:.7g}", format="markdown")
    _add(made, "text", text)
    if told:
        _add(_sub(made, "feedback", format="markdown"), "text", told)
    return made


def _write_parts(element: Any, question: Question) -> None:
    if question.options:
        _add(element, "single", "true" if question.kind == "choice_one" else "false")
        _add(element, "shuffleanswers", "true" if question.is_shuffled else "false")
        right = sum(option.is_right for option in question.options) or 1
        for option in question.options:
            share = option.weight if question.scoring == "weights" else option.is_right / right
            _answer(element, share, option.text, option.feedback)
    if question.kind == "true_false":
        _answer(element, float(question.is_true), "true")
        _answer(element, float(not question.is_true), "false")
    for blank in question.blanks:
        _add(element, "usecase", "1" if blank.is_case_sensitive else "0")
        for variant in blank.accepted:
            _answer(element, variant.weight, variant.text, variant.feedback)
    for number in question.numbers:
        width = float(number.tolerance)
        if number.tolerance_kind == "relative":
            width *= abs(float(number.value))
        _add(
            _answer(element, number.weight, number.value, number.feedback),
            "tolerance",
            f"{width:g}",
        )
    _write_pieces(element, question)


def _write_pieces(element: Any, question: Question) -> None:
    texts = {right.id: right.text for right in question.rights}
    for left in question.lefts:
        made = _sub(element, "subquestion", format="markdown")
        _add(made, "text", left.text)
        _add(_sub(made, "answer"), "text", texts[left.match])
    for item in question.items:
        _answer(element, 1.0, item.text)
    if question.model_answer:
        _add(_sub(element, "graderinfo", format="markdown"), "text", question.model_answer)
