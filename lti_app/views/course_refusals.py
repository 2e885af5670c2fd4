"""What courses and files are refused for, in the language of the page.

The core and the services say it in English, as a template with named values; each template stands
here as well, so that the catalogues have it (a test compares).
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from content.core.errors import ContentError
from content.core.file_types import FileRefused
from content.core.folder import FolderInvalid

SENTENCES = (
    _l("a number from %(least)s to %(most)s, please"),
    _l("a name of at most 120 characters, please"),
    _l("there is a group “%(name)s” already"),
    _l("a whole number from 0 to 3650, please"),
    _l("small letters, digits and single hyphens, at most %(most)s"),
    _l("there is a course “%(key)s” already"),
    _l("“%(value)s” is no way of enrolling"),
    _l("there is no such category"),
    _l("a course cannot come before itself"),
    _l("an archived course is not changed: restore it first"),
    _l("say what is missing"),
    _l("at most %(most)s characters, please"),
    _l("write something first"),
    _l("choose a file first"),
    _l("write something, or choose a file"),
    _l("“%(value)s” is no language tag, such as “en” or “de”"),
    _l("an address begins with https:// or http://"),
    _l("“%(value)s” is no ending of a file's name"),
    _l("a course has at most %(most)s units"),
    _l("the id %(value)s is there twice"),
    _l("an object is expected here"),
    _l("a text is expected here"),
    _l("longer than %(most)s characters"),
    _l("characters that are no text"),
    _l("texts of at most %(most)s characters, please"),
    _l("“%(value)s” is not one of %(choices)s"),
    _l("true or false is expected here"),
    _l("a number is expected here"),
    _l("“%(value)s” is no id"),
    _l("an id is missing"),
    _l("“%(value)s” is no date of ISO 8601"),
    _l("a list is expected here"),
    _l("at most %(most)s entries, please"),
    _l("at most %(most)s levels"),
    _l("a category cannot be below itself"),
    _l("there is “%(name)s” above already: rename one first"),
    _l("a name of 1 to %(most)s characters"),
    _l("there is “%(name)s” in this place already"),
    _l("Files that end in .%(ending)s are not taken: they can run programs."),
    _l("“%(name)s” is no %(kind)s file, whatever its name says."),
    _l("This file is empty."),
    _l("This file is larger than %(most)s MB."),
)

FOLDERS = (
    _l("a key is missing"),
    _l("module %(number)s is no mapping"),
    _l("there is no package with the key “%(key)s” here"),
    _l("there is no quiz with the key “%(key)s” here"),
    _l("there is no file “%(path)s”"),
    _l("the line --- that ends the YAML is missing"),
    _l("no YAML: %(fault)s"),
    _l("YAML with names and values is expected here"),
    _l("there is no such file in the folder"),
    _l("not in UTF-8"),
    _l("“%(name)s” is to be a list"),
    _l("too many files, or too large when unpacked"),
    _l("this is no zip that can be read"),
    _l("larger than the zip says"),
    _l("no quiz: %(fault)s"),
    _l("The file's name is the quiz's key: small letters, digits and single hyphens."),
    _l("“questions” is a list of questions."),
    _l("A draw has a bank, a count, tags and points."),
    _l("There is no question bank “%(title)s”, and none in this file."),
)
"""Of a course as a folder (content/core/folder.py), and of a quiz in it."""

MISSING = (
    _l("There is no such course."),
    _l("There is no version %(number)s of this course."),
    _l("There is no such module."),
    _l("There is no such unit."),
    _l("There is no such unit in this course."),
    _l("This unit is not in the course any more."),
    _l("This unit is not in the draft any more."),
    _l("There is no such file."),
    _l("There is no such group."),
    _l("There is no such category."),
    _l("There is no such enrolment."),
    _l("There is no such invitation."),
    _l("There is no such list."),
    _l("There is no such submission."),
    _l("There is no such assignment."),
    _l("There is no such quiz."),
    _l("There is no such version."),
    _l("There is no such question bank."),
    _l("There is no such question."),
    _l("There is no such attempt."),
    _l("There is no such answer."),
    _l("There is no such certificate."),
    _l("No window of this attempt has that number."),
)
"""On an error page."""

NOT_NOW = (
    _l("The attempt is still running: there is nothing to mark yet."),
    _l("No attempt can begin: %(reason)s."),
    _l("“%(title)s” is not published yet."),
    _l("“%(title)s” is archived: nobody new can enrol."),
    _l("“%(title)s” is archived: nobody begins it now."),
    _l("Nobody can enrol in “%(title)s” by themselves."),
    _l("First complete: %(names)s."),
    _l("A course that was completed cannot be left."),
    _l("Only a course that was completed is taken again."),
    _l("The address of a published course stays: links lead to it."),
    _l("This was taken again: nothing more can be handed in here."),
    _l("This was graded: nothing more can be handed in."),
    _l("This was handed in as often as it may be."),
    _l("This certificate is revoked already."),
    _l("Say why: whoever verifies the certificate reads the reason."),
    _l("This invitation was withdrawn."),
    _l("This invitation has expired."),
    _l("This invitation was used as often as it may be."),
)
"""What the rules of a course or of a quiz, and those of certificates, forbid."""

FAULTS = (
    _l("this is no CSV that can be read"),
    _l("the list is empty"),
    _l("the first line names no column “email”"),
    _l("there is no such column; known: %(columns)s"),
    _l("more than %(most)s lines: split the list"),
    _l("more values than the first line has columns"),
    _l("“%(email)s” is no e-mail address"),
    _l("which course?"),
    _l("stands in line %(line)s already"),
    _l("nobody here has the address %(email)s"),
    _l("%(email)s is switched off"),
    _l("it is not published"),
    _l("there is no published course “%(key)s”"),
)
"""Of a list of people (content/core/enrolment_list.py)."""


def say_fault(fault: Mapping[str, Any]) -> str:
    """A fault of a list, as it is kept in its report."""
    return str(gettext(fault["problem"], **fault.get("values", {})))


def say(refused: Exception) -> str:
    """What a person reads; of errors without a template their own words."""
    if isinstance(refused, ContentError | FileRefused):
        told = str(gettext(refused.template, **refused.values))
        return f"{refused.file}: {told}" if isinstance(refused, FolderInvalid) else told
    return str(getattr(refused, "message", refused))
