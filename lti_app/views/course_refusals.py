"""What courses and files are refused for, in the language of the page.

The core and the services say it in English, as a template with named values; each template stands
here as well, so that the catalogues have it (a test compares).
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from content.core.errors import CourseInvalid
from content.core.file_types import FileRefused

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
    if isinstance(refused, CourseInvalid | FileRefused):
        return str(gettext(refused.template, **refused.values))
    return str(getattr(refused, "message", refused))
