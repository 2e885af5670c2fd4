"""An item of QTI 2.1, 2.2 or 3.0 as a question (QTI 2.1, Information Model; the same in 3.0).

Taken: one interaction of choice, match, order or extended text; any number of text entries; the
points and weights of mappings, of conditions that compare with the right response, and of `equal`
with a tolerance. Everything else is NotTaken, which says why.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from content.core.quiz.exchange.qti_response import Response, find_points, read_float
from content.core.quiz.exchange.qti_tree import read_text, take_out
from content.core.quiz.exchange.report import NotTaken

_EMBEDDED = ("img", "object", "audio", "video", "math", "picture")


def read_item(root: Any) -> dict[str, Any]:
    """JSON of the question, not checked yet. Raises NotTaken."""
    body = _find_body(root)
    told = _read_feedback(root)
    notes = [one for one in body.iter("rubricBlock") if "candidate" not in one.get("view", "")]
    model = "\n\n".join(read_text(one) for one in notes)
    for one in notes:
        take_out(one)
    asked = [one for one in body.iter() if str(one.tag).endswith("Interaction")]
    if not asked:
        raise NotTaken("there is nothing to answer")
    kinds = {one.tag for one in asked}
    if kinds == {"textEntryInteraction"}:
        raw = _read_entries(root, body, asked)
    elif len(asked) > 1:
        raise NotTaken("it asks several things at once")
    elif asked[0].tag not in _READERS:
        raise NotTaken("<%(tag)s> is not taken", tag=asked[0].tag)
    else:
        raw = _READERS[asked[0].tag](root, asked[0])
        prompt = read_text(asked[0].find("prompt"))
        take_out(asked[0])
        raw["text"] = f"{read_text(body)}\n\n{prompt}".strip()
    if raw["kind"] == "essay":
        raw["model_answer"] = model
    return {"title": root.get("title", "")} | told | raw


def _find_body(root: Any) -> Any:
    if root.get("adaptive") == "true":
        raise NotTaken("adaptive items are not taken")
    if root.find("templateDeclaration") is not None:
        raise NotTaken("values made anew for each attempt (templates) are not taken")
    body = root.find("itemBody")
    if body is None:
        raise NotTaken("it has no body")
    for name in _EMBEDDED:
        if body.find(f".//{name}") is not None:
            raise NotTaken("pictures, media and formulas are not taken (<%(tag)s>)", tag=name)
    return body


def _read_feedback(root: Any) -> dict[str, str]:
    told: dict[str, str] = {}
    for one in root.iterfind("modalFeedback"):
        word = one.get("identifier", "").lower()
        is_wrong = any(part in word for part in ("incorrect", "wrong"))
        is_right = any(part in word for part in ("correct", "right"))
        name = "feedback_wrong" if is_wrong else "feedback_right" if is_right else "feedback"
        told[name] = f"{told.get(name, '')}\n\n{read_text(one)}".strip()
    return told


def _read_choice(root: Any, asked: Any) -> dict[str, Any]:
    response, options = Response(root, asked), []
    for choice in asked.iterfind("simpleChoice"):
        told = [*choice.iter("feedbackInline"), *choice.iter("feedbackBlock")]
        feedback = " ".join(read_text(one) for one in told)
        for one in told:
            take_out(one)
        id_ = choice.get("identifier", "")
        options.append({"id": id_, "text": read_text(choice), "feedback": feedback})
    if not response.right and not response.worth:
        raise NotTaken("it does not say what is right")
    texts = {one["text"].strip(" .").lower(): one["id"] for one in options}
    points = find_points(root)
    if response.is_single and set(texts) == {"true", "false"} and len(response.right) == 1:
        is_true = response.right == [texts["true"]]
        return {"kind": "true_false", "is_true": is_true, "points": points}
    right = set(response.right) or {id_ for id_, worth in response.worth.items() if worth > 0}
    for one in options:
        one["is_right"] = one["id"] in right
    raw = {
        "kind": "choice_one" if response.is_single else "choice_many",
        "options": options,
        "is_shuffled": asked.get("shuffle") == "true",
        "scoring": "all_or_nothing",
        "points": points,
    }
    if response.is_mapped:
        _weigh(raw, response)
    return raw


def _weigh(raw: dict[str, Any], response: Response) -> None:
    """From a mapping: points, and the shortest way to say what each option is worth."""
    options = raw["options"]
    worth = [response.worth.get(one["id"], 0.0) for one in options]
    most = max(worth) if response.is_single else sum(one for one in worth if one > 0)
    most = min(most, read_float(response.most)) if response.most else most
    if most <= 0:
        raise NotTaken("no choice gives a point")
    right = sum(one["is_right"] for one in options) or 1
    wrong = len(options) - right or 1
    shares = [one / most for one in worth]
    raw["points"] = most
    if response.is_single and sorted(shares) == [0.0] * (len(shares) - 1) + [1.0]:
        for one, share in zip(options, shares, strict=True):
            one["is_right"] = share > 0
        return
    partial = [1 / right if one["is_right"] else -1 / wrong for one in options]
    pairs = zip(shares, partial, strict=True)
    if not response.is_single and all(abs(a - b) < 1e-4 for a, b in pairs):
        raw["scoring"] = "partial"
        return
    raw["scoring"] = "weights"
    for one, share in zip(options, shares, strict=True):
        one["weight"] = max(-1.0, min(1.0, round(share, 6)))


def _read_match(root: Any, asked: Any) -> dict[str, Any]:
    response, sets = Response(root, asked), asked.findall("simpleMatchSet")
    if len(sets) != 2:
        raise NotTaken("it does not have two sets to match")
    lefts, rights = (
        [{"id": one.get("identifier", ""), "text": read_text(one)} for one in part] for part in sets
    )
    pairs = response.right or [pair for pair, worth in response.worth.items() if worth > 0]
    known = [tuple(pair.split()) for pair in pairs]
    for left in lefts:
        found = [pair[1] for pair in known if len(pair) == 2 and pair[0] == left["id"]]
        if len(found) != 1:
            raise NotTaken("“%(text)s” does not have one partner", text=left["text"][:40])
        left["match"] = found[0]
    points = find_points(root)
    if response.is_mapped:
        worth = [response.worth.get(" ".join(pair), 0.0) for pair in known]
        if max(worth) - min(worth) > 1e-4:
            raise NotTaken("its pairs count differently")
        points = sum(worth)
    scoring = "partial" if response.is_mapped else "all_or_nothing"
    made = {"kind": "matching", "lefts": lefts, "rights": rights}
    return made | {"scoring": scoring, "points": round(points, 4)}


def _read_order(root: Any, asked: Any) -> dict[str, Any]:
    response = Response(root, asked)
    texts = {one.get("identifier", ""): read_text(one) for one in asked.iterfind("simpleChoice")}
    if sorted(response.right) != sorted(texts):
        raise NotTaken("the right order does not name each item once")
    items = [{"id": id_, "text": texts[id_]} for id_ in response.right]
    return {"kind": "ordering", "items": items, "points": find_points(root)}


def _read_essay(root: Any, asked: Any) -> dict[str, Any]:
    return {"kind": "essay", "points": find_points(root)}


def _read_entries(root: Any, body: Any, asked: list[Any]) -> dict[str, Any]:
    responses = [Response(root, one) for one in asked]
    if len(asked) == 1 and responses[0].base in ("float", "integer"):
        take_out(asked[0])
        numbers = _read_numbers(root, responses[0])
        return {"kind": "numeric", "text": read_text(body), **numbers}
    blanks, most = [], []
    for at, (one, response) in enumerate(zip(asked, responses, strict=True), start=1):
        take_out(one, f"[[{at}]]")
        worth = response.worth if response.is_mapped else {}
        worth = worth | {text: max([1.0, *worth.values()]) for text in response.right[:1]
                         if text not in worth}  # fmt: skip
        worth = {text: value for text, value in worth.items() if text and value > 0}
        if not worth:
            raise NotTaken("a gap does not say what is right")
        if any("*" in text for text in worth):
            raise NotTaken("an answer has a *, which would stand for anything here")
        most.append(max(worth.values()))
        accepted = [
            {"text": text, "weight": round(value / most[-1], 6)} for text, value in worth.items()
        ]
        # mapEntry compares with the case unless it says otherwise; so does `match`.
        is_exact = not response.is_mapped or any(
            entry.get("caseSensitive", "true") != "false" for entry in response.entries
        )
        blanks.append({"id": str(at), "accepted": accepted, "is_case_sensitive": is_exact})
    if max(most) - min(most) > 1e-4:
        raise NotTaken("its gaps count differently")
    is_mapped = any(one.is_mapped for one in responses)
    is_whole = not is_mapped and root.find(".//responseCondition//and") is not None
    return {
        "kind": "fill_in",
        "text": read_text(body),
        "blanks": blanks,
        "points": round(sum(most), 4) if is_mapped else find_points(root, float(len(blanks))),
        "scoring": "all_or_nothing" if is_whole else "partial",
    }


def _read_numbers(root: Any, response: Response) -> dict[str, Any]:
    """Of `equal` with its tolerance; without one, what is right or mapped, exactly."""
    if any(root.find(f".//{name}") is not None for name in ("gte", "lte", "gt", "lt")) and (
        root.find(".//equal") is None
    ):
        raise NotTaken("a range of numbers is not taken: give a number and a tolerance")
    points = find_points(root)
    numbers: list[dict[str, Any]] = []
    for branch in root.iterfind(".//responseCondition/*"):
        for equal in branch.iterfind("equal"):
            value, given = equal.find("baseValue"), branch.find("setOutcomeValue/baseValue")
            text = value.text if value is not None else "".join(response.right[:1])
            worth = points if given is None else read_float(given.text)
            if worth > 0:
                numbers.append({"value": text, **_read_tolerance(equal), "worth": worth})
    if not numbers:
        worths = response.worth if response.is_mapped else dict.fromkeys(response.right, points)
        numbers = [{"value": text, "worth": one} for text, one in worths.items() if one > 0]
    if not numbers:
        raise NotTaken("it does not say what is right")
    most = max(one["worth"] for one in numbers)
    for one in numbers:
        one["weight"] = round(one.pop("worth") / most, 6)
    return {"numbers": numbers, "points": most}


def _read_tolerance(equal: Any) -> dict[str, str]:
    """QTI 2.1, `equal`: exact; absolute, or relative in per cent, below and above."""
    mode, given = equal.get("toleranceMode", "exact"), equal.get("tolerance", "0").split()
    if mode not in ("exact", "absolute", "relative"):
        raise NotTaken("the tolerance “%(value)s” is not known", value=mode)
    if mode == "exact":
        return {"tolerance": "0"}
    if not given or given[0] != given[-1]:
        raise NotTaken("its tolerance differs below and above")
    try:
        width = Decimal(given[0]) / (100 if mode == "relative" else 1)
    except InvalidOperation:
        raise NotTaken("the tolerance “%(value)s” is no number", value=given[0]) from None
    return {"tolerance": f"{width.normalize():f}", "tolerance_kind": mode}


_READERS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "choiceInteraction": _read_choice,
    "matchInteraction": _read_match,
    "orderInteraction": _read_order,
    "extendedTextInteraction": _read_essay,
}
