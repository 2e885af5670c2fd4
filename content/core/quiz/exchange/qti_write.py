"""A question as an item, in the words of QTI 2.1 (`qti_tree.write_tree` makes 3.0 of it).

How it is scored is written out for every item, without the standard templates: these know no
points. `notes` tells what an item cannot say.
"""

from typing import Any

from content.core.quiz.exchange.qti_scoring import (
    by_mapping,
    make_outcome,
    make_points,
    make_response,
    make_variable,
    set_score,
    when_right,
)
from content.core.quiz.exchange.qti_tree import make, make_html
from content.core.quiz.exchange.report import NotTaken
from content.core.quiz.questions import Question
from content.core.remarks import Remark


def write_item(question: Question, identifier: str, title: str) -> tuple[Any, list[Remark]]:
    """(item, what it does not tell). Raises NotTaken with what keeps it from being written."""
    declared, asked, scored, notes = _WRITERS[question.kind](question)
    verdict = _write_verdict(question)
    body = asked if question.kind in ("fill_in", "numeric") else [*make_html(question.text), *asked]
    item = make(
        "assessmentItem",
        *declared,
        make_outcome("SCORE", "float", "0"),
        make_outcome("MAXSCORE", "float", f"{question.points:.10g}"),
        *_declare_feedback(question),
        *verdict[0],
        make("itemBody", *body),
        make("responseProcessing", *scored, *verdict[1]),
        *verdict[2],
        identifier=identifier,
        title=title,
        adaptive="false",
        timeDependent="false",
    )
    return item, notes


_Parts = tuple[list[Any], list[Any], list[Any], list[Remark]]
"""Response declarations, interactions, response processing, notes."""


def _cardinality(question: Question) -> str:
    return "multiple" if question.kind == "choice_many" else "single"


def _declare_feedback(question: Question) -> list[Any]:
    if not _has_option_feedback(question):
        return []
    return [make_outcome("FEEDBACK", "identifier", cardinality=_cardinality(question))]


def _has_option_feedback(question: Question) -> bool:
    return any(option.feedback for option in question.options)


def _write_choice(question: Question) -> _Parts:
    names = {option.id: f"o{at}" for at, option in enumerate(question.options, start=1)}
    right = [names[option.id] for option in question.options if option.is_right]
    cardinality, points, worth = _cardinality(question), question.points, None
    if question.scoring == "weights":
        worth = {names[one.id]: one.weight * points for one in question.options}
    elif question.scoring == "partial":
        wrong = len(names) - len(right) or 1
        worth = {
            names[one.id]: points / len(right) if one.is_right else -points / wrong
            for one in question.options
        }
    if cardinality == "single" and len(right) != 1:
        right = []
    choices = []
    for option in question.options:
        choice = make("simpleChoice", *make_html(option.text), identifier=names[option.id])
        if option.feedback:
            told = make("span", option.feedback)
            choice.append(
                make(
                    "feedbackInline",
                    told,
                    outcomeIdentifier="FEEDBACK",
                    identifier=names[option.id],
                    showHide="show",
                )
            )
        choices.append(choice)
    asked = make(
        "choiceInteraction",
        *choices,
        responseIdentifier="RESPONSE",
        shuffle="true" if question.is_shuffled else "false",
        maxChoices="1" if cardinality == "single" else "0",
    )
    scored = [by_mapping() if worth is not None else when_right(points)]
    if _has_option_feedback(question):
        scored.append(make("setOutcomeValue", make_variable("RESPONSE"), identifier="FEEDBACK"))
    declared = make_response("RESPONSE", cardinality, "identifier", right, worth, most=points)
    return [declared], [asked], scored, []


def _write_truth(question: Question) -> _Parts:
    choices = [make("simpleChoice", text, identifier=text.lower()) for text in ("True", "False")]
    asked = make(
        "choiceInteraction",
        *choices,
        responseIdentifier="RESPONSE",
        shuffle="false",
        maxChoices="1",
    )
    right = ["true" if question.is_true else "false"]
    declared = make_response("RESPONSE", "single", "identifier", right)
    return [declared], [asked], [when_right(question.points)], []


def _entry(name: str) -> Any:
    return make("textEntryInteraction", responseIdentifier=name, expectedLength="20")


def _write_blanks(question: Question) -> _Parts:
    share, declared, names = question.points / len(question.blanks), [], {}
    body = make("div", *make_html(question.text))
    for at, blank in enumerate(question.blanks, start=1):
        names[blank.id] = f"RESPONSE_{at}"
        if any("*" in variant.text for variant in blank.accepted):
            raise NotTaken("an answer has a *, which stands for anything only here")
        worth = {one.text: one.weight * share for one in blank.accepted}
        best = max(blank.accepted, key=lambda one: one.weight).text
        exact = blank.is_case_sensitive
        declared.append(
            make_response(names[blank.id], "single", "string", [best], worth, is_exact=exact)
        )
        _place(body, f"[[{blank.id}]]", _entry(names[blank.id]))
    mapped = [make("mapResponse", identifier=name) for name in names.values()]
    notes: list[Remark] = []
    if question.scoring == "all_or_nothing" and len(names) > 1:
        notes.append(Remark("each gap counts by itself"))
    if any(one.feedback for blank in question.blanks for one in blank.accepted):
        notes.append(Remark("feedback on single answers is left out"))
    return declared, [body], [set_score(make("sum", *mapped))], notes


def _place(body: Any, mark: str, entry: Any) -> None:
    """Put `entry` where the mark stands in the text, else behind everything."""
    for element in body.iter():
        for where in ("text", "tail"):
            before, found, after = (getattr(element, where) or "").partition(mark)
            if not found:
                continue
            setattr(element, where, before)
            entry.tail = after
            if where == "text":
                element.insert(0, entry)
            else:
                element.getparent().insert(element.getparent().index(element) + 1, entry)
            return
    body.append(make("p", entry))


def _write_numbers(question: Question) -> _Parts:
    condition = make("responseCondition")
    for at, number in enumerate(question.numbers):
        width = number.tolerance
        if number.tolerance_kind == "relative":
            width = f"{float(width) * 100:.10g}"
        mode = "exact" if float(width) == 0 else number.tolerance_kind
        given = {} if mode == "exact" else {"tolerance": f"{width} {width}"}
        value = make("baseValue", number.value, baseType="float")
        equal = make("equal", make_variable("RESPONSE"), value, toleranceMode=mode, **given)
        score = set_score(make_points(number.weight * question.points))
        condition.append(make("responseElseIf" if at else "responseIf", equal, score))
    best = max(question.numbers, key=lambda one: one.weight).value
    declared = make_response("RESPONSE", "single", "float", [best])
    body = [*make_html(question.text), make("p", _entry("RESPONSE"))]
    notes = [Remark("feedback on single answers is left out")] * any(
        n.feedback for n in question.numbers
    )
    return [declared], body, [condition], notes


def _write_match(question: Question) -> _Parts:
    lefts = {one.id: f"l{at}" for at, one in enumerate(question.lefts, start=1)}
    rights = {one.id: f"r{at}" for at, one in enumerate(question.rights, start=1)}
    pairs = [f"{lefts[one.id]} {rights[one.match]}" for one in question.lefts]
    share = question.points / len(pairs)
    worth = dict.fromkeys(pairs, share) if question.scoring == "partial" else None
    sets = [
        make(
            "simpleMatchSet",
            *(
                make(
                    "simpleAssociableChoice",
                    *make_html(one.text),
                    identifier=names[one.id],
                    matchMax=most,
                )
                for one in part
            ),
        )
        for part, names, most in ((question.lefts, lefts, "1"), (question.rights, rights, "0"))
    ]
    asked = make(
        "matchInteraction",
        *sets,
        responseIdentifier="RESPONSE",
        shuffle="true",
        maxAssociations=str(len(pairs)),
    )
    declared = make_response(
        "RESPONSE", "multiple", "directedPair", pairs, worth, most=question.points
    )
    return [declared], [asked], [by_mapping() if worth else when_right(question.points)], []


def _write_order(question: Question) -> _Parts:
    names = [f"i{at}" for at in range(1, len(question.items) + 1)]
    # The first order that a learner sees is not the right one, should a system not shuffle.
    shown = sorted(zip(names, question.items, strict=True), key=lambda one: one[1].text)
    choices = [make("simpleChoice", *make_html(one.text), identifier=name) for name, one in shown]
    asked = make("orderInteraction", *choices, responseIdentifier="RESPONSE", shuffle="true")
    declared = make_response("RESPONSE", "ordered", "identifier", names)
    notes = [Remark("it counts wholly or not at all")] * (question.scoring != "all_or_nothing")
    return [declared], [asked], [when_right(question.points)], notes


def _write_essay(question: Question) -> _Parts:
    asked = [make("extendedTextInteraction", responseIdentifier="RESPONSE")]
    if question.model_answer:
        asked.append(make("rubricBlock", *make_html(question.model_answer), view="scorer"))
    notes = [Remark("its rubric is left out")] * bool(question.rubric)
    notes += [Remark("its limits of words are left out")] * bool(
        question.least_words + question.most_words
    )
    return [make_response("RESPONSE", "single", "string", [])], asked, [], notes


def _write_verdict(question: Question) -> tuple[list[Any], list[Any], list[Any]]:
    """Feedback on the whole: outcomes, processing, texts."""
    outcomes, scored, told = [], [], []
    if question.feedback:
        outcomes.append(make_outcome("GENERAL", "identifier", "always"))
        told.append(_modal("GENERAL", "always", question.feedback))
    texts = {"correct": question.feedback_right, "incorrect": question.feedback_wrong}
    if any(texts.values()) and question.kind != "essay":
        outcomes.append(make_outcome("VERDICT", "identifier", "incorrect"))
        full = make("gte", make_variable("SCORE"), make_variable("MAXSCORE"))
        value = make("baseValue", "correct", baseType="identifier")
        then = make("setOutcomeValue", value, identifier="VERDICT")
        scored.append(make("responseCondition", make("responseIf", full, then)))
        told += [_modal("VERDICT", name, text) for name, text in texts.items() if text]
    return outcomes, scored, told


def _modal(outcome: str, identifier: str, text: str) -> Any:
    return make(
        "modalFeedback",
        *make_html(text),
        outcomeIdentifier=outcome,
        identifier=identifier,
        showHide="show",
    )


_WRITERS = {
    "choice_one": _write_choice,
    "choice_many": _write_choice,
    "true_false": _write_truth,
    "fill_in": _write_blanks,
    "numeric": _write_numbers,
    "matching": _write_match,
    "ordering": _write_order,
    "essay": _write_essay,
}
