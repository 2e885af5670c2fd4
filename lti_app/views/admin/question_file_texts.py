"""Why a file of questions, or a question of it, is not taken or not written, in the visitor's
language. The core says it in English (`content.core.remarks`); each template stands here as well,
so that the catalogues have it (a test compares).
"""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from content.core.quiz.exchange.report import FileUnreadable, Why
from content.core.quiz.reading import QuestionInvalid
from lti_app.views.admin.quiz_forms import say as say_problem

FILES = (
    _l("The file is larger than 5 MB."),
    _l("The file is no text in UTF-8."),
    _l("This is no YAML: %(fault)s"),
    _l("There is no list “questions” in this file."),
    _l("This is no XML: %(fault)s"),
    _l("A file with a document type of its own is not read."),
    _l("This is no Moodle XML: the first element is not <quiz>."),
    _l("This is QTI 1.2; QTI 2.1, 2.2 and 3.0 are read."),
    _l("This is no QTI item: the first element is <%(tag)s>."),
    _l("There is no imsmanifest.xml in this zip."),
    _l("The manifest names no QTI items."),
    _l("This zip cannot be used: %(fault)s"),
)
QUESTIONS = (
    _l("a value cannot be read: %(fault)s"),
    _l("it is no mapping"),
    _l("a description: there is nothing to answer"),
    _l("the answers begin with neither = nor ~"),
    _l("questions of the type “%(kind)s” are not taken"),
    _l("pictures inside the file are not taken: add them by hand"),
    _l("this is QTI 1; QTI 2.1, 2.2 and 3.0 are read"),
    _l("sections and rules of a test are not taken, only its items"),
    _l("the manifest names it, but it is not in the zip"),
    _l("there is nothing to answer"),
    _l("it asks several things at once"),
    _l("<%(tag)s> is not taken"),
    _l("adaptive items are not taken"),
    _l("values made anew for each attempt (templates) are not taken"),
    _l("it has no body"),
    _l("pictures, media and formulas are not taken (<%(tag)s>)"),
    _l("it does not say what is right"),
    _l("no choice gives a point"),
    _l("it does not have two sets to match"),
    _l("“%(text)s” does not have one partner"),
    _l("its pairs count differently"),
    _l("the right order does not name each item once"),
    _l("a gap does not say what is right"),
    _l("an answer has a *, which would stand for anything here"),
    _l("its gaps count differently"),
    _l("a range of numbers is not taken: give a number and a tolerance"),
    _l("the tolerance “%(value)s” is not known"),
    _l("its tolerance differs below and above"),
    _l("the tolerance “%(value)s” is no number"),
    _l("the response “%(name)s” is not declared"),
    _l("“%(value)s” is no number"),
)
"""Of an import."""
LOSSES = (
    _l("GIFT has no question of this shape"),
    _l("several blanks would be a cloze question"),
    _l("it has pictures or files, which are not written"),
    _l("an answer has a *, which stands for anything only here"),
    _l("each gap counts by itself"),
    _l("feedback on single answers is left out"),
    _l("it counts wholly or not at all"),
    _l("its rubric is left out"),
    _l("its limits of words are left out"),
)
"""Of an export."""


def say_why(why: Why | FileUnreadable) -> str:
    """What a person reads."""
    if isinstance(why, QuestionInvalid):
        return "; ".join(say_problem(one) for one in why.problems)
    remark = why.remark if isinstance(why, FileUnreadable) else why
    return str(gettext(remark.template, **remark.values))
