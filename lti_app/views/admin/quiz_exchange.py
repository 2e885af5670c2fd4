"""Questions in and out of a quiz or a bank: GIFT, Moodle XML, QTI, YAML."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.quiz.exchange.formats import LARGEST
from content.core.quiz.exchange.report import FileUnreadable, Imported
from content.core.quiz.reading import read_question
from content.models.question import Question, QuestionBank
from content.models.quiz import Quiz
from content.services import questions, quizzes
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services.question_files import FORMATS, read_questions, write_questions
from lti_app.views.admin.question_file_texts import say_why
from lti_app.views.admin.quiz_questions import get_bank
from lti_app.views.admin.quizzes import bp, get_editable


@bp.get("/<uuid:quiz_id>/exchange")
@requires(Permission.CREATE_ASSESSMENTS)
def exchange(quiz_id: UUID) -> ResponseReturnValue:
    """Files in and out."""
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        asked = _list_asked(session, row)
    return _show(asked, quiz=row)


@bp.post("/<uuid:quiz_id>/exchange")
@requires(Permission.CREATE_ASSESSMENTS)
def import_questions(quiz_id: UUID) -> ResponseReturnValue:
    """Add the questions of a file, and say what was left out."""
    try:
        found = _read()
    except FileUnreadable as refused:
        flash(say_why(refused), "danger")
        return redirect(url_for("admin_quizzes.exchange", quiz_id=quiz_id), 303)
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        made = [questions.add_question(session, one, quiz_id=quiz_id) for one in found.questions]
        items = [*row.items, *({"question": str(one.id)} for one in made)]
        quizzes.change_quiz(session, row, row.revision, datetime.now(UTC), items=items)
        asked = _list_asked(session, row)
    return _show(asked, quiz=row, found=found)


@bp.get("/banks/<uuid:bank_id>/exchange")
@requires(Permission.CREATE_ASSESSMENTS)
def bank_exchange(bank_id: UUID) -> ResponseReturnValue:
    """The same for a bank."""
    with transaction(current_user.tenant_id) as session:
        row = get_bank(session, bank_id)
        asked = questions.list_questions(session, bank_id=bank_id)
    return _show(asked, bank=row)


@bp.post("/banks/<uuid:bank_id>/exchange")
@requires(Permission.CREATE_ASSESSMENTS)
def import_to_bank(bank_id: UUID) -> ResponseReturnValue:
    """Add the questions of a file to a bank."""
    try:
        found = _read()
    except FileUnreadable as refused:
        flash(say_why(refused), "danger")
        return redirect(url_for("admin_quizzes.bank_exchange", bank_id=bank_id), 303)
    with transaction(current_user.tenant_id) as session:
        row = get_bank(session, bank_id)
        for one in found.questions:
            questions.add_question(session, one, bank_id=bank_id)
        asked = questions.list_questions(session, bank_id=bank_id)
    return _show(asked, bank=row, found=found)


@bp.get("/<uuid:quiz_id>/export/<form>")
@requires(Permission.CREATE_ASSESSMENTS)
def export(quiz_id: UUID, form: str) -> ResponseReturnValue:
    """The questions of the draft as a file."""
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        asked = _list_asked(session, row)
    return _send(row.key, form, asked)


@bp.get("/banks/<uuid:bank_id>/export/<form>")
@requires(Permission.CREATE_ASSESSMENTS)
def export_bank(bank_id: UUID, form: str) -> ResponseReturnValue:
    """The questions of a bank as a file."""
    with transaction(current_user.tenant_id) as session:
        get_bank(session, bank_id)
        asked = questions.list_questions(session, bank_id=bank_id)
    return _send("questions", form, asked)


def _list_asked(session: Session, row: Quiz) -> list[Question]:
    """The questions of the draft; draws are the banks' to write."""
    ids = [UUID(item["question"]) for item in row.items if "question" in item]
    return [session.get_one(Question, id_) for id_ in ids]


def _show(
    rows: list[Question],
    *,
    quiz: Quiz | None = None,
    bank: QuestionBank | None = None,
    found: Imported | None = None,
) -> str:
    """The page: what was taken from a file, and what each format would not tell."""
    asked = [read_question(row.body) for row in rows]
    return render_template(
        "admin/quizzes/exchange.html",
        quiz=quiz,
        bank=bank,
        found=found,
        draws=sum("bank" in item for item in quiz.items) if quiz else 0,
        say_why=say_why,
        left_out={form: write_questions(form, asked)[1] if asked else [] for form in FORMATS},
    )


def _read() -> Imported:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise FileUnreadable(_("Choose a file."))
    return read_questions(file.filename, file.stream.read(LARGEST + 1))


def _send(name: str, form: str, rows: list[Question]) -> Response:
    if form not in FORMATS:
        abort(404)
    data, _left_out = write_questions(form, [read_question(row.body) for row in rows])
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{FORMATS[form]}"'
    return answer
