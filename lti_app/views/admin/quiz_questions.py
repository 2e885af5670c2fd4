"""Questions and banks under Manage: one form for each kind, import and export."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.quiz.errors import QuizInvalid
from content.core.quiz.questions import KINDS, SCORINGS
from content.core.quiz.reading import QuestionInvalid
from content.models.question import Question, QuestionBank
from content.services import questions, quizzes
from database.session import transaction
from lti_app.core.permissions import Permission, Role, may_edit
from lti_app.security.guards import requires
from lti_app.views.admin.quiz_forms import KIND_LABELS, SCORING_LABELS, read_form, say
from lti_app.views.admin.quizzes import bp, get_editable


@bp.get("/<uuid:quiz_id>/questions/new")
@requires(Permission.CREATE_ASSESSMENTS)
def new_question(quiz_id: UUID) -> ResponseReturnValue:
    """The form of a new question of a quiz."""
    with transaction(current_user.tenant_id) as session:
        home = get_editable(session, quiz_id)
    return _form(_kind(), {}, home.title, url_for("admin_quizzes.quiz", quiz_id=quiz_id))


@bp.post("/<uuid:quiz_id>/questions/new")
@requires(Permission.CREATE_ASSESSMENTS)
def add_question(quiz_id: UUID) -> ResponseReturnValue:
    """Keep it, as the last item of the quiz."""
    raw = read_form(_kind(), request.form, {})
    back = url_for("admin_quizzes.quiz", quiz_id=quiz_id)
    try:
        with transaction(current_user.tenant_id) as session:
            home = get_editable(session, quiz_id)
            title = home.title
            row = questions.add_question(session, raw, quiz_id=quiz_id)
            items = [*home.items, {"question": str(row.id)}]
            quizzes.change_quiz(session, home, home.revision, datetime.now(UTC), items=items)
    except QuestionInvalid as refused:
        return _form(_kind(), raw, title, back, refused), 422
    return redirect(back + "#items", 303)


@bp.get("/questions/<uuid:question_id>")
@requires(Permission.CREATE_ASSESSMENTS)
def question(question_id: UUID) -> ResponseReturnValue:
    """The form of a question of a quiz or a bank."""
    with transaction(current_user.tenant_id) as session:
        row, title, back = _get_question(session, question_id)
    return _form(row.kind, row.body, title, back)


@bp.post("/questions/<uuid:question_id>")
@requires(Permission.CREATE_ASSESSMENTS)
def change_question(question_id: UUID) -> ResponseReturnValue:
    """Change it; learners get it with the next publishing."""
    try:
        with transaction(current_user.tenant_id) as session:
            row, title, back = _get_question(session, question_id)
            kind = row.kind
            raw = read_form(kind, request.form, row.body)
            questions.change_question(session, row, raw)
    except QuestionInvalid as refused:
        return _form(kind, raw, title, back, refused), 422
    flash(_("Saved. Learners get it when you publish."), "success")
    return redirect(back, 303)


@bp.get("/banks/<uuid:bank_id>")
@requires(Permission.CREATE_ASSESSMENTS)
def bank(bank_id: UUID) -> ResponseReturnValue:
    """A bank's questions, by tag."""
    tag = request.args.get("tag", "")[:100]
    with transaction(current_user.tenant_id) as session:
        row = questions.get_bank(session, bank_id)
        found = questions.list_questions(session, bank_id=bank_id, tags=[tag])
        everything = questions.list_questions(session, bank_id=bank_id) if tag else found
    tags = sorted({one for question in everything for one in question.tags})
    return render_template(
        "admin/quizzes/bank.html",
        bank=row,
        questions=found,
        tags=tags,
        tag=tag,
        kinds=KIND_LABELS,
        editable=_may_change(row),
    )


@bp.post("/banks")
@requires(Permission.CREATE_ASSESSMENTS)
def add_bank() -> ResponseReturnValue:
    """A new bank."""
    title = request.form.get("title", "").strip()[:200]
    if not title:
        flash(_("A bank needs a title."), "danger")
        return redirect(url_for("admin_quizzes.index"), 303)
    with transaction(current_user.tenant_id) as session:
        row = questions.create_bank(session, title, created_by=current_user.id)
    return redirect(url_for("admin_quizzes.bank", bank_id=row.id), 303)


@bp.get("/banks/<uuid:bank_id>/questions/new")
@requires(Permission.CREATE_ASSESSMENTS)
def new_bank_question(bank_id: UUID) -> ResponseReturnValue:
    """The form of a new question of a bank."""
    with transaction(current_user.tenant_id) as session:
        home = get_bank(session, bank_id)
    return _form(_kind(), {}, home.title, url_for("admin_quizzes.bank", bank_id=bank_id))


@bp.post("/banks/<uuid:bank_id>/questions/new")
@requires(Permission.CREATE_ASSESSMENTS)
def add_bank_question(bank_id: UUID) -> ResponseReturnValue:
    """Keep it in the bank."""
    raw, back = read_form(_kind(), request.form, {}), url_for("admin_quizzes.bank", bank_id=bank_id)
    try:
        with transaction(current_user.tenant_id) as session:
            title = get_bank(session, bank_id).title
            questions.add_question(session, raw, bank_id=bank_id)
    except QuestionInvalid as refused:
        return _form(_kind(), raw, title, back, refused), 422
    return redirect(back, 303)


@bp.post("/questions/<uuid:question_id>/archive")
@requires(Permission.CREATE_ASSESSMENTS)
def archive_question(question_id: UUID) -> ResponseReturnValue:
    """Take a question out of its bank; papers that have it keep it."""
    with transaction(current_user.tenant_id) as session:
        row, _title, back = _get_question(session, question_id)
        if row.quiz_id is not None:
            raise QuizInvalid("Remove it from the list of the quiz instead.")
        questions.archive_question(session, row, datetime.now(UTC))
    return redirect(back, 303)


def _kind() -> str:
    kind = request.args.get("kind", "choice_one")
    return kind if kind in KINDS else abort(404)


def _get_question(session: Session, question_id: UUID) -> tuple[Question, str, str]:
    """A question that the visitor may change, the title of its home, and the way back."""
    row = questions.get_question(session, question_id)
    if row.quiz_id is not None:
        home = get_editable(session, row.quiz_id)
        return row, home.title, url_for("admin_quizzes.quiz", quiz_id=row.quiz_id)
    assert row.bank_id is not None  # noqa: S101  a question has one home
    return (
        row,
        get_bank(session, row.bank_id).title,
        url_for("admin_quizzes.bank", bank_id=row.bank_id),
    )


def get_bank(session: Session, bank_id: UUID) -> QuestionBank:
    """A bank that the visitor may change, or 403."""
    row = questions.get_bank(session, bank_id)
    if not _may_change(row):
        abort(403)
    return row


def _may_change(row: QuestionBank) -> bool:
    return may_edit(Role(current_user.role), is_own=row.created_by == current_user.id)


def _form(
    kind: str,
    raw: dict[str, Any],
    home: str,
    back: str,
    refused: QuestionInvalid | None = None,
) -> str:
    return render_template(
        "admin/quizzes/question.html",
        kind=kind,
        label=KIND_LABELS[kind],
        q=raw,
        home=home,
        back=back,
        scorings=[(name, SCORING_LABELS[name]) for name in SCORINGS[kind]],  # type: ignore[index]
        problems=[say(problem) for problem in refused.problems] if refused else [],
    )
