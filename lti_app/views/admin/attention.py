"""What waits for a person, as sentences that lead there; only where the visitor may go."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import ngettext
from flask_login import current_user

from lti_app.core.permissions import Permission
from lti_app.services.attention import Attention


@dataclass(frozen=True)
class Line:
    """One thing that waits."""

    icon: str
    tone: str
    """ "wait": somebody has to do something; "bad": something went wrong; "active": it runs."""
    text: str
    url: str


def describe(found: Attention) -> list[Line]:
    """What is not zero, people's work first."""
    may = current_user.may
    lines: list[Line] = []
    if may(Permission.MANAGE_GRADES):
        lines += [*_describe_work(found), *_describe_grades(found)]
    if may(Permission.MANAGE_SETTINGS) and found.failed_mails:
        text = ngettext(
            "%(num)s mail could not be sent", "%(num)s mails could not be sent", found.failed_mails
        )
        url = url_for("admin_mails.index", state="failed")
        lines.append(Line("envelope-exclamation", "bad", text, url))
    return [*lines, *_describe_jobs(found)]


def _describe_work(found: Attention) -> Iterator[Line]:
    for work in found.assignments:
        text = ngettext(
            "%(num)s work handed in at “%(course)s” waits for a grade",
            "%(num)s works handed in at “%(course)s” wait for a grade",
            work.count,
            course=work.title,
        )
        url = url_for("admin_course_grading.index", course_id=work.course_id)
        yield Line("file-earmark-check", "wait", text, url)
    if found.essays:
        text = ngettext(
            "%(num)s answer in a quiz waits for a grade",
            "%(num)s answers in quizzes wait for a grade",
            found.essays,
        )
        yield Line("pencil-square", "wait", text, url_for("admin_quizzes.grading"))


def _describe_grades(found: Attention) -> Iterator[Line]:
    if found.refused_grades:
        text = ngettext(
            "%(num)s grade was refused by its platform",
            "%(num)s grades were refused by their platforms",
            found.refused_grades,
        )
        yield Line("x-octagon", "bad", text, url_for("admin_grades.index", state="refused"))
    if found.conflicts:
        text = ngettext(
            "%(num)s grade differs from the one that a teacher gave",
            "%(num)s grades differ from those that teachers gave",
            found.conflicts,
        )
        yield Line("shuffle", "wait", text, url_for("admin_grades.index", state="conflict"))


def _describe_jobs(found: Attention) -> Iterator[Line]:
    packages, stores = url_for("admin_packages.index"), url_for("admin_stores.index")
    may_see_stores = current_user.may(Permission.VIEW_ANALYTICS)
    if found.failed_imports:
        text = ngettext("%(num)s upload failed", "%(num)s uploads failed", found.failed_imports)
        yield Line("cloud-slash", "bad", text, packages)
    if found.failed_record_jobs and may_see_stores:
        text = ngettext(
            "%(num)s job of the record store failed",
            "%(num)s jobs of the record store failed",
            found.failed_record_jobs,
        )
        yield Line("journal-x", "bad", text, stores)
    if found.waiting_imports:
        text = ngettext(
            "%(num)s upload is being read", "%(num)s uploads are being read", found.waiting_imports
        )
        yield Line("cloud-upload", "active", text, packages)
    if found.waiting_record_jobs and may_see_stores:
        text = ngettext(
            "%(num)s job of the record store runs",
            "%(num)s jobs of the record store run",
            found.waiting_record_jobs,
        )
        yield Line("journal-arrow-down", "active", text, stores)
