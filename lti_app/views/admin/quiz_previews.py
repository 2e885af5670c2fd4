"""A draft as learners will see it: of a whole quiz, and of a question that is not saved yet."""

from typing import Any
from uuid import UUID

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.quiz.questions import KINDS, Question
from content.core.quiz.reading import QuestionInvalid, read_question
from content.models.question import Question as QuestionRow
from content.services import questions
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.views.admin.quiz_forms import read_form, say
from lti_app.views.admin.quizzes import bp, get_editable
from lti_app.views.quiz_papers import build_draft
from lti_app.views.quiz_text import block


@bp.get("/<uuid:quiz_id>/draft")
@requires(Permission.CREATE_ASSESSMENTS)
def preview(quiz_id: UUID) -> ResponseReturnValue:
    """The questions of the draft in their order; of draws as many as are drawn."""
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        asked = [one for item in row.items for one in _read_item(session, item)]
        draws = any("bank" in item for item in row.items)
        return _show(row.title, asked, description=row.description, draws=draws)


@bp.post("/questions/preview")
@requires(Permission.CREATE_ASSESSMENTS)
def preview_question() -> ResponseReturnValue:
    """What stands in the form of a question; nothing is kept."""
    kind = request.args.get("kind", "")
    if kind not in KINDS:
        abort(404)
    try:
        asked = read_question(read_form(kind, request.form, {}))
    except QuestionInvalid as refused:
        problems = [say(problem) for problem in refused.problems]
        return _show(_("Question"), [], problems=problems), 422
    return _show(_("Question"), [(asked, asked.points)])


def _show(title: str, asked: list[tuple[Question, float]], **told: Any) -> str:
    told["description"] = block(told.get("description", ""))
    return render_template(
        "admin/quizzes/preview.html", title=title, questions=build_draft(asked), **told
    )


def _read_item(session: Session, item: dict[str, Any]) -> list[tuple[Question, float]]:
    if "question" in item:
        rows = [session.get_one(QuestionRow, UUID(item["question"]))]
    else:
        bank = UUID(item["bank"])
        rows = questions.list_questions(session, bank_id=bank, tags=item["tags"])[: item["count"]]
    found = [read_question(row.body) for row in rows]
    given = item.get("points")
    return [(one, one.points if given is None else float(given)) for one in found]
