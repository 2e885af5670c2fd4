"""QTI 2.1 and 3.0: items of others in, ours out and in again, and every loss said by name."""

import pytest

from content.core.quiz.exchange.qti_package import (
    QTI_FORMS,
    read_qti_item,
    read_qti_package,
    write_qti_package,
)
from content.core.quiz.exchange.report import FileUnreadable
from content.core.quiz.reading import read_question
from tests.content.core.quiz.questions import (
    ALL,
    ESSAY,
    FILL,
    MANY,
    MATCHING,
    NUMERIC,
    ONE,
    ORDERING,
    TRUTH,
    blank,
    option,
    question,
)

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
MAP = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"


def item(declared: str, body: str, rest: str = "", attributes: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?><assessmentItem {NS} identifier="i" title="T" adaptive="false" '
        f'timeDependent="false" {attributes}>{declared}<outcomeDeclaration identifier="SCORE" '
        f'cardinality="single" baseType="float"/><itemBody>{body}</itemBody>{rest}</assessmentItem>'
    ).encode()


def response(right: str, cardinality: str = "single", base: str = "identifier", more: str = ""):
    values = "".join(f"<value>{one}</value>" for one in right.split("|") if one)
    correct = f"<correctResponse>{values}</correctResponse>" if values else ""
    return (
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{base}">'
        f"{correct}{more}</responseDeclaration>"
    )


def mapping(**worth: float) -> str:
    entries = "".join(
        f'<mapEntry mapKey="{key.replace("_", " ")}" mappedValue="{value}"/>'
        for key, value in worth.items()
    )
    return f'<mapping defaultValue="0">{entries}</mapping>'


def processed(template: str) -> str:
    return f'<responseProcessing template="{template}"/>'


CHOICES = (
    '<p>Which?</p><choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="0">'
    '<prompt>Choose <strong>well</strong>.</prompt><simpleChoice identifier="A">a</simpleChoice>'
    '<simpleChoice identifier="B">b <feedbackInline identifier="B" outcomeIdentifier="F">so'
    '</feedbackInline></simpleChoice><simpleChoice identifier="C">c</simpleChoice>'
    "</choiceInteraction>"
)


def read(data: bytes):
    found = read_qti_item(data)
    assert found.left_out == []
    return read_question(found.questions[0])


def test_a_choice_of_one():
    asked = read(item(response("B"), CHOICES, processed(MATCH)))
    assert (asked.kind, asked.text, asked.title) == (
        "choice_one",
        "Which?\n\nChoose **well**.",
        "T",
    )
    assert [(one.text, one.is_right, one.feedback) for one in asked.options] == [
        *(("a", False, ""), ("b", True, "so"), ("c", False, "")),
    ]
    assert asked.is_shuffled


def test_a_mapping_gives_points_and_weights():
    """QTI 2.1, map_response."""
    told = response("A|B", "multiple", more=mapping(A=2, B=1, C=-1))
    asked = read(item(told, CHOICES, processed(MAP)))
    assert (asked.kind, asked.points, asked.scoring) == ("choice_many", 3, "weights")
    assert [round(one.weight, 3) for one in asked.options] == [0.667, 0.333, -0.333]
    alike = response("A|B", "multiple", more=mapping(A=1, B=1, C=-2))
    assert read(item(alike, CHOICES, processed(MAP))).scoring == "partial"


def test_true_and_false_is_its_own_kind():
    body = CHOICES.replace(">a<", ">True<").replace(">c<", ">false<")
    two = (
        body[: body.index('<simpleChoice identifier="B"')]
        + body[body.index('<simpleChoice identifier="C"') :]
    )
    assert read(item(response("C"), two)).is_true is False


def test_gaps_with_variants():
    entry = '<p>Paris is in <textEntryInteraction responseIdentifier="R"/>, they say.</p>'
    told = response("France", base="string", more=mapping(France=1, France_of_old=0.5))
    asked = read(item(told, entry, processed(MAP)))
    assert asked.text == "Paris is in [[1]], they say."
    assert [(one.text, one.weight) for one in asked.blanks[0].accepted] == [
        *(("France", 1), ("France of old", 0.5)),
    ]
    assert asked.blanks[0].is_case_sensitive


def test_a_number_and_its_tolerance():
    entry = '<p>Say <textEntryInteraction responseIdentifier="R"/></p>'
    equal = (
        "<responseProcessing><responseCondition><responseIf>"
        '<equal toleranceMode="{}" tolerance="{}"><variable identifier="R"/>'
        '<correct identifier="R"/></equal><setOutcomeValue identifier="SCORE">'
        '<baseValue baseType="float">2</baseValue></setOutcomeValue></responseIf>'
        "</responseCondition></responseProcessing>"
    )
    told = response("9.81", base="float")
    exact = read(item(told, entry))
    wide = read(item(told, entry, equal.format("absolute", "0.1 0.1")))
    part = read(item(told, entry, equal.format("relative", "5 5")))
    assert [(one.numbers[0].tolerance, one.points) for one in (exact, wide, part)] == [
        *(("0", 1), ("0.1", 2), ("0.05", 2)),
    ]
    assert part.numbers[0].tolerance_kind == "relative"


def test_qti_3_is_the_same_in_other_words():
    """QTI 3.0, Information Model: names with qti- and hyphens."""
    data = b"""<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
      identifier="o" title="Order" adaptive="false" time-dependent="false">
      <qti-response-declaration identifier="R" cardinality="ordered" base-type="identifier">
      <qti-correct-response><qti-value>B</qti-value><qti-value>A</qti-value></qti-correct-response>
      </qti-response-declaration><qti-item-body><qti-order-interaction response-identifier="R">
      <qti-prompt>Sort</qti-prompt><qti-simple-choice identifier="A">two</qti-simple-choice>
      <qti-simple-choice identifier="B">one</qti-simple-choice></qti-order-interaction>
      </qti-item-body></qti-assessment-item>"""
    asked = read(data)
    assert (asked.text, [one.text for one in asked.items]) == ("Sort", ["one", "two"])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (item("", "<p>Read this.</p>"), "nothing to answer"),
        (item(response("B"), CHOICES + CHOICES), "several things"),
        (item(response(""), CHOICES), "what is right"),
        (item("", CHOICES), "“R” is not declared"),
        (item(response("B"), '<p><img src="a.png" alt="x"/></p>' + CHOICES), "<img>"),
        (item(response("B"), '<hotspotInteraction responseIdentifier="R"/>'), "hotspotInteraction"),
        (item(response("B"), CHOICES).replace(b'adaptive="false"', b'adaptive="true"'), "adaptive"),
        (item("<templateDeclaration/>" + response("B"), CHOICES), "templates"),
        (item(response("B", more=mapping(A="x")), CHOICES, processed(MAP)), "no number"),
    ],
)
def test_what_is_not_taken_is_named_with_its_reason(data, why):
    found = read_qti_item(data)
    assert found.questions == []
    [(name, reason)] = found.left_out
    assert name == "T"
    assert why in reason


@pytest.mark.parametrize("form", QTI_FORMS)
@pytest.mark.parametrize(
    "raw",
    [
        *(ONE, MANY, {**MANY, "scoring": "partial", "points": 3}, TRUTH, FILL, NUMERIC, MATCHING),
        *({**MATCHING, "scoring": "all_or_nothing"}, ORDERING, {**ESSAY, "rubric": []}),
        {**ONE, "options": [option("a", feedback="No & no"), option("b", True)]},
        {**MANY, "scoring": "weights",
         "options": [option("a", True, 0.75), option("b", True, 0.25), option("c", weight=-0.5)]},
        {**FILL, "text": "[[1]]", "blanks": [
            blank("1", "x <y", {"text": "z", "weight": 0.5}, is_case_sensitive=True)]},
        {**NUMERIC, "numbers": [{"value": "200", "tolerance": "0.05", "tolerance_kind": "relative"},
                                {"value": "2e2", "weight": 0.5}]},
    ],
)  # fmt: skip
def test_what_is_written_is_read_again_as_the_same(form, raw):
    asked = question(
        {"points": 2, **raw}, title="T", feedback="So *it* is", feedback_right="Yes",
        feedback_wrong="" if raw["kind"] == "essay" else "No",
    )  # fmt: skip
    if raw["kind"] == "essay":
        asked = question({**raw, "points": 2}, title="T")
    files, lost = write_qti_package(form, [asked])
    again = read_qti_package(files)
    assert (lost, again.left_out) == ([], [])
    assert _nameless(read_question(again.questions[0])) == _nameless(asked)


def _nameless(asked):
    """What a question says, without the names of its parts."""
    texts = {one.id: one.text for one in asked.rights}
    return (
        *(asked.kind, asked.text, asked.title, asked.points, asked.scoring, asked.model_answer),
        *(asked.feedback, asked.feedback_right, asked.feedback_wrong, asked.is_true, asked.numbers),
        [(o.text, o.is_right or o.weight > 0, o.weight, o.feedback) for o in asked.options],
        [(one.accepted, one.is_case_sensitive) for one in asked.blanks],
        [(one.text, texts[one.match]) for one in asked.lefts],
        [one.text for one in asked.items],
    )


def test_what_an_item_cannot_say_is_named():
    lost = [
        question(ESSAY, title="Essay"),
        question({**ORDERING, "scoring": "neighbours"}, title="Order"),
        question({**FILL, "scoring": "all_or_nothing"}, title="Gaps"),
        question({**ONE, "text": "![x](file:1)"}, title="Picture"),
        question({**FILL, "text": "[[1]]", "blanks": [blank("1", "a*")]}, title="Star"),
    ]
    files, notes = write_qti_package("qti21", lost)
    assert [name for name, _why in notes] == ["Essay", "Order", "Gaps", "Picture", "Star"]
    assert len(files) == 4


def test_a_package_is_read_as_far_as_it_can_be():
    files, _lost = write_qti_package("qti30", [question(raw) for raw in ALL])
    moved = {f"folder/{name}": data for name, data in files.items()}
    moved["folder/items/item-002.xml"] = b"<broken"
    del moved["folder/items/item-003.xml"]
    found = read_qti_package(moved)
    assert len(found.questions) == len(ALL) - 2
    assert [name for name, _why in found.left_out] == [
        *("folder/items/item-002.xml", "folder/items/item-003.xml"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"<questestinterop/>",
        b"<html/>",
        b"no xml",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem>&x;</assessmentItem>',
        b"<a>" * 300,
    ],
)
def test_a_file_that_is_no_item_is_refused(data):
    with pytest.raises(FileUnreadable):
        read_qti_item(data)


def test_a_zip_without_items_is_refused():
    for files in ({}, {"imsmanifest.xml": b"<manifest/>"}, {"imsmanifest.xml": b"<"}):
        with pytest.raises(FileUnreadable):
            read_qti_package(files)
