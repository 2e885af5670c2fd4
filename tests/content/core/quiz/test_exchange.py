"""Questions from other systems and back, and what is left out said by name."""

import pytest

from content.core.quiz.exchange.formats import read_file, write_file
from content.core.quiz.exchange.report import FileUnreadable, to_markdown
from content.core.quiz.reading import read_question
from tests.content.core.quiz.questions import ALL, ONE, TRUTH, question

GIFT = r"""// a comment
$CATEGORY: course/Geography

::Capital::Which is the capital of Spain? {=Madrid#Yes ~Barcelona#No ~Sevilla ####So it is.}

The sun rises in the east. {T#No#Yes}

::Word::Two plus two is {=four =4} indeed.

::Pi::How much is \= pi? {#3.14:0.01}

::Range::A number {#1..5}

::Weights::Which? {~%50%a ~%50%b ~%-100%c}

::Match::Match {=cat -> meow =dog -> bark =-> moo}

Write about it. {}

Just a text without an answer.
"""
XML = b"""<?xml version="1.0"?><quiz>
<question type="category"><category><text>$course$/Maths</text></category></question>
<question type="multichoice"><name><text>One</text></name><questiontext format="html"><text><![CDATA[<p>Which <b>one</b>?</p>]]></text></questiontext>
<defaultgrade>2</defaultgrade><single>true</single><answer fraction="100"><text>a</text><feedback><text>yes</text></feedback></answer><answer fraction="0"><text>b</text></answer></question>
<question type="truefalse"><name><text>T</text></name><questiontext><text>True?</text></questiontext><answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer></question>
<question type="shortanswer"><name><text>S</text></name><questiontext><text>Say</text></questiontext><usecase>1</usecase><answer fraction="100"><text>Yes</text></answer></question>
<question type="numerical"><name><text>N</text></name><questiontext><text>Num</text></questiontext><answer fraction="100"><text>3.5</text><tolerance>0.5</tolerance></answer></question>
<question type="matching"><name><text>M</text></name><questiontext><text>Match</text></questiontext><subquestion><text>a</text><answer><text>1</text></answer></subquestion><subquestion><text>b</text><answer><text>2</text></answer></subquestion></question>
<question type="essay"><name><text>E</text></name><questiontext><text>Why?</text></questiontext></question>
<question type="cloze"><name><text>Gaps</text></name><questiontext><text>x</text></questiontext></question>
</quiz>"""  # noqa: E501


def test_gift_is_read_kind_by_kind():
    found = read_file("q.txt", GIFT.encode())
    assert [one["kind"] for one in found.questions] == [
        *("choice_one", "true_false", "fill_in", "numeric", "numeric"),
        *("choice_many", "matching", "essay"),
    ]
    capital, truth, word, pi, spread, weights, match, _essay = map(read_question, found.questions)
    assert [(o.text, o.is_right, o.feedback) for o in capital.options] == [
        ("Madrid", True, "Yes"),
        ("Barcelona", False, "No"),
        ("Sevilla", False, ""),
    ]
    assert (capital.title, capital.feedback, capital.tags) == (
        "Capital",
        "So it is.",
        ("geography",),
    )
    assert (truth.is_true, truth.feedback_wrong, truth.feedback_right) == (True, "No", "Yes")
    assert word.text == "Two plus two is [[1]] indeed."
    assert [one.text for one in word.blanks[0].accepted] == ["four", "4"]
    assert (pi.text, pi.numbers[0].value, pi.numbers[0].tolerance) == (
        "How much is = pi?",
        "3.14",
        "0.01",
    )
    assert (spread.numbers[0].value, spread.numbers[0].tolerance) == ("3", "2")
    assert [one.weight for one in weights.options] == [0.5, 0.5, -1]
    assert (len(match.lefts), len(match.rights)) == (2, 3)
    assert [why for _name, why in found.left_out] == ["a description: there is nothing to answer"]


def test_moodle_xml_is_read_and_what_is_not_taken_is_named():
    found = read_file("q.xml", XML)
    assert [one["kind"] for one in found.questions] == [
        *("choice_one", "true_false", "fill_in", "numeric", "matching", "essay"),
    ]
    one, truth, short, *_rest = map(read_question, found.questions)
    assert (one.text, one.points, one.tags) == ("Which **one**?", 2, ("maths",))
    assert truth.is_true is False
    assert short.blanks[0].is_case_sensitive
    assert found.left_out == [("Gaps", "questions of the type “cloze” are not taken")]


@pytest.mark.parametrize("raw", ALL, ids=lambda raw: raw["kind"])
def test_yaml_loses_nothing(raw):
    asked = question(raw, feedback="Ünïcode: yes", tags=["a"])
    data, left_out = write_file("yaml", [asked])
    assert [read_question(one) for one in read_file("q.yaml", data).questions] == [asked]
    assert left_out == []


@pytest.mark.parametrize("form", ["gift", "moodle"])
def test_what_is_written_is_read_again(form):
    asked = [question(raw, title=f"Q {at}") for at, raw in enumerate(ALL)]
    data, left_out = write_file(form, asked)
    again = read_file("q.xml" if form == "moodle" else "q.txt", data)
    assert len(again.questions) + len(left_out) == len(ALL)
    assert again.left_out == []
    kinds = {one["title"]: one["kind"] for one in again.questions}
    assert all(kinds[one.title] == one.kind for one in asked if one.title in kinds)


def test_gift_escapes_what_has_a_meaning():
    hostile = question(ONE, text="a = b ~ {c} # d: e", title="T::x")
    data, _ = write_file("gift", [hostile])
    assert read_question(read_file("q.txt", data).questions[0]).text == hostile.text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("q.xml", b"<quiz><question>"),
        ("q.xml", b"<questestinterop/>"),
        ("q.xml", b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'),
        ("q.yaml", b"questions: {a: 1}"),
        ("q.yaml", b"a: [unclosed"),
        ("q.txt", b"\xff\xfe\x00"),
        ("q.txt", b"x" * (5 * 1024 * 1024 + 1)),
    ],
)
def test_a_file_that_is_none_is_refused(name, data):
    with pytest.raises(FileUnreadable):
        read_file(name, data)


def test_a_broken_question_does_not_cost_the_others():
    found = read_file(
        "q.yaml", b"questions:\n- {kind: riddle}\n- 7\n- {kind: true_false, text: A, is_true: true}"
    )
    assert len(found.questions) == 1
    assert len(found.left_out) == 2
    assert question(TRUTH).is_true


def test_html_of_others_becomes_markdown_without_script():
    assert to_markdown("<p>a <em>b</em><br>c</p><script>x</script>&amp;") == "a *b*\nc\n\n&"
