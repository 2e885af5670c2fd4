"""Quizzes under Manage: list, editor, publishing; questions and banks."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.quiz.errors import QuizDraftChanged, QuizInvalid
from content.core.quiz.settings import MOMENTS, RANGES, SWITCHES, SettingsInvalid
from content.models.question import Question
from content.models.quiz import Quiz
from content.services import questions, quizzes
from database.session import transaction
from lti_app.core.permissions import Permission, Role, may_edit
from lti_app.security.guards import requires
from lti_app.views.admin.quiz_forms import KIND_LABELS
from lti_app.views.admin.quiz_texts import say_refused

bp = Blueprint("admin_quizzes", __name__, url_prefix="/admin/quizzes")


@bp.get("/")
@requires(Permission.CREATE_ASSESSMENTS)
def index() -> ResponseReturnValue:
    """All quizzes, or the archived ones."""
    search, archived = request.args.get("q", "")[:200], request.args.get("archived") == "yes"
    with transaction(current_user.tenant_id) as session:
        found = quizzes.list_quizzes(session, search, archived=archived)
        banks = questions.list_banks(session)
    return render_template(
        "admin/quizzes/index.html", quizzes=found, banks=banks, search=search, archived=archived
    )


@bp.post("/")
@requires(Permission.CREATE_ASSESSMENTS)
def create() -> ResponseReturnValue:
    """A new draft."""
    try:
        with transaction(current_user.tenant_id) as session:
            made = quizzes.create_quiz(
                session,
                request.form.get("title", ""),
                created_by=current_user.id,
                now=datetime.now(UTC),
            )
    except QuizInvalid as refused:
        flash(say_refused(refused), "danger")
        return redirect(url_for("admin_quizzes.index"), 303)
    return redirect(url_for("admin_quizzes.quiz", quiz_id=made.id), 303)


@bp.get("/<uuid:quiz_id>")
@requires(Permission.CREATE_ASSESSMENTS)
def quiz(quiz_id: UUID) -> ResponseReturnValue:
    """The editor."""
    return show_quiz(quiz_id)


@bp.post("/<uuid:quiz_id>")
@requires(Permission.CREATE_ASSESSMENTS)
def save(quiz_id: UUID) -> ResponseReturnValue:
    """Title, description and settings: all of them, or none."""
    try:
        with transaction(current_user.tenant_id) as session:
            row = get_editable(session, quiz_id)
            quizzes.change_quiz(
                session,
                row,
                _revision(),
                datetime.now(UTC),
                title=request.form.get("title", ""),
                description=request.form.get("description", "").replace("\r\n", "\n"),
                settings=_read_settings_form(),
            )
    except (QuizInvalid, QuizDraftChanged, SettingsInvalid) as refused:
        flash(say_refused(refused), "danger")
        return show_quiz(quiz_id, entered=True), refused.status_hint
    flash(_("Saved. Learners get it when you publish."), "success")
    return redirect(url_for("admin_quizzes.quiz", quiz_id=quiz_id), 303)


@bp.post("/<uuid:quiz_id>/items")
@requires(Permission.CREATE_ASSESSMENTS)
def change_items(quiz_id: UUID) -> ResponseReturnValue:
    """Put items in order, move, remove or weigh one, or add a draw from a bank. A script that asks
    for JSON hears the new revision, or what is wrong."""
    form = request.form
    try:
        with transaction(current_user.tenant_id) as session:
            row = get_editable(session, quiz_id)
            items = [dict(item) for item in row.items]
            _change(items, form.get("action", ""), int(form.get("at") or -1))
            quizzes.change_quiz(session, row, _revision(), datetime.now(UTC), items=items)
    except (QuizInvalid, QuizDraftChanged, ValueError, IndexError) as refused:
        said = ""
        if isinstance(refused, QuizInvalid | QuizDraftChanged):
            said = say_refused(refused)
        said = said or _("That item is not there any more.")
        if _wants_json():
            return jsonify(error={"code": "refused", "message": said, "details": []}), 409
        flash(said, "danger")
    else:
        if _wants_json():
            return jsonify(revision=row.revision)
    return redirect(url_for("admin_quizzes.quiz", quiz_id=quiz_id, _anchor="items"), 303)


@bp.post("/<uuid:quiz_id>/publish")
@requires(Permission.CREATE_ASSESSMENTS)
def publish(quiz_id: UUID) -> ResponseReturnValue:
    """Freeze the draft as the next version."""
    try:
        with transaction(current_user.tenant_id) as session:
            row = get_editable(session, quiz_id)
            version = quizzes.publish_quiz(
                session, row, published_by=current_user.id, now=datetime.now(UTC)
            )
    except QuizInvalid as refused:
        flash(say_refused(refused), "danger")
    else:
        flash(_("Version %(number)s is published.", number=version.number), "success")
    return redirect(url_for("admin_quizzes.quiz", quiz_id=quiz_id), 303)


@bp.post("/<uuid:quiz_id>/archive")
@requires(Permission.CREATE_ASSESSMENTS)
def archive(quiz_id: UUID) -> ResponseReturnValue:
    """Out of use, or back."""
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        archived = row.state != "archived"
        quizzes.archive_quiz(session, row, archived=archived, now=datetime.now(UTC))
    return redirect(url_for("admin_quizzes.quiz", quiz_id=quiz_id), 303)


@bp.post("/<uuid:quiz_id>/listing")
@requires(Permission.CREATE_ASSESSMENTS)
def list_in_catalogue(quiz_id: UUID) -> ResponseReturnValue:
    """Into the catalogue, or out of it."""
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        quizzes.list_in_catalogue(session, row, listed=not row.is_listed)
    return redirect(url_for("admin_quizzes.quiz", quiz_id=quiz_id, _anchor="link"), 303)


def show_quiz(quiz_id: UUID, *, entered: bool = False) -> str:
    """The editor's page; `entered`: with what the form brought."""
    with transaction(current_user.tenant_id) as session:
        row = quizzes.get_quiz(session, quiz_id)
        versions = quizzes.list_versions(session, quiz_id)
        banks = questions.list_banks(session)
        lines = [_describe(session, item) for item in row.items]
    settings = row.settings
    if entered:
        settings = {**settings, **_read_settings_form()}
    return render_template(
        "admin/quizzes/quiz.html",
        quiz=row,
        settings=settings,
        lines=lines,
        versions=versions,
        banks=banks,
        kinds=KIND_LABELS,
        editable=is_editable(row),
        entered=request.form if entered else {},
        points=sum(line["total"] for line in lines),
    )


def get_editable(session: Session, quiz_id: UUID) -> Quiz:
    """A quiz that the visitor may change, or 403."""
    row = quizzes.get_quiz(session, quiz_id)
    if not is_editable(row):
        abort(403)
    return row


def is_editable(row: Quiz) -> bool:
    """Whether the visitor may change it."""
    return may_edit(Role(current_user.role), is_own=row.created_by == current_user.id)


def _describe(session: Session, item: dict[str, Any]) -> dict[str, Any]:
    """An item for the list."""
    if "question" in item:
        row = session.get_one(Question, UUID(item["question"]))
        points = row.body["points"] if item["points"] is None else item["points"]
        return {"question": row, "points": points, "total": points, "own": item["points"]}
    bank = questions.get_bank(session, UUID(item["bank"]))
    found = len(questions.list_questions(session, bank_id=bank.id, tags=item["tags"]))
    total = item["count"] * item["points"]
    return {
        **item,
        "bank": bank,
        "found": found,
        "total": total,
        "own": item["points"],
        "draw": True,
    }


def _change(items: list[dict[str, Any]], action: str, at: int) -> None:
    form = request.form
    if action == "draw":
        tags = [tag for tag in form.get("tags", "").split(",") if tag.strip()]
        count, points = int(form.get("count") or 1), form.get("points", "1").replace(",", ".")
        items.append({"bank": form["bank"], "tags": tags, "count": count, "points": points})
        return
    if action == "order":
        order = [int(one) for one in form.get("order", "").split(",")]
        if sorted(order) != list(range(len(items))):
            raise IndexError
        items[:] = [items[number] for number in order]
        return
    if not 0 <= at < len(items):
        raise IndexError
    if action == "remove":
        del items[at]
    elif action == "points":
        items[at]["points"] = _read_points(form.get("points", ""), has_own="question" in items[at])
    elif action in ("up", "down"):
        to = at + (1 if action == "down" else -1)
        items.insert(max(0, to), items.pop(at))


def _read_points(text: str, *, has_own: bool) -> float | None:
    """None: what the question itself says."""
    if not text.strip() and has_own:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise QuizInvalid("Points are 0 to 10,000.") from None


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _revision() -> int:
    text = request.form.get("revision", "")
    return int(text) if text.isdigit() else -1


def _read_settings_form() -> dict[str, Any]:
    form, made = request.form, dict[str, Any]()
    for name in ("counting", "show_results", "layout"):
        if form.get(name):
            made[name] = form[name]
    for name in RANGES:
        text = form.get(name, "").strip() or "0"
        made[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else text
    for name in MOMENTS:
        text = form.get(name, "").strip()
        made[name] = f"{text}:00+00:00" if len(text) == 16 else text
    for name in SWITCHES:
        made[name] = form.get(name) == "yes"
    return made
