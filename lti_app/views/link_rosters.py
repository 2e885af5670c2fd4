"""The teacher's page of who is in the course, in the platform's frame: who has not begun yet.

Opened like the page of grades (link_grades.py) and by the same address: a signed token for one
link, in the browser of its teacher.
"""

from functools import partial
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.ags import REASONS
from lti_app.models.context import Context
from lti_app.security.guards import public
from lti_app.security.headers import allow_framing
from lti_app.services import platform_jobs, registrations, resource_links, rosters
from lti_app.views.link_grades import check_teacher, read_page

bp = Blueprint("link_rosters", __name__, url_prefix="/lti/links")
PAGE_SIZE = 100
STANDINGS = ("none", "begun", "finished")


@bp.get("/<token>/roster")
@public("the signed token in the path opens one link's roster, in the teacher's browser")
def index(token: str) -> ResponseReturnValue:
    """Learners of the course, with where they stand in this activity."""
    page = read_page(token)
    standing = request.args.get("standing")
    standing = standing if standing in STANDINGS else None
    number = max(request.args.get("page", 1, int), 1)
    with transaction(page.tenant_id) as session:
        check_teacher(session, page)
        allow_framing(registrations.list_origins(session))
        link = resource_links.get_resource_link(session, page.resource_link_id)
        context = _get_context(session, link.context_id)
        registration = rosters.get_registration(session, context)
        entries = rosters.list_entries(
            session,
            context,
            link.id,
            standing=standing,
            limit=PAGE_SIZE + 1,
            offset=(number - 1) * PAGE_SIZE,
        )
        counts = rosters.count_standings(session, context, link.id)
        newest = platform_jobs.find_newest(
            session, "roster", registration.id, context_id=context.id
        )
    return render_template(
        "lti/link_roster.html",
        token=token,
        link=link,
        context=context,
        entries=entries[:PAGE_SIZE],
        has_more=len(entries) > PAGE_SIZE,
        page=number,
        standing=standing,
        counts=counts,
        newest=newest,
        reasons=REASONS,
    )


@bp.post("/<token>/roster")
@public("the signed token in the path opens one link's roster, in the teacher's browser")
def read(token: str) -> ResponseReturnValue:
    """Read the roster now."""
    page = read_page(token)
    with transaction(page.tenant_id) as session:
        check_teacher(session, page)
        link = resource_links.get_resource_link(session, page.resource_link_id)
        context = _get_context(session, link.context_id)
        registration = rosters.get_registration(session, context)
        row = platform_jobs.schedule(
            session, "roster", registration.id, context_id=context.id, created_by=page.user_id
        )
        ask = partial(queue.enqueue_once, queue.RUN_PLATFORM_JOB, row.tenant_id, row.id)
        on_commit(session, ask)
    return redirect(url_for("link_rosters.index", token=token), 303)


def _get_context(session: Session, context_id: UUID | None) -> Context:
    if context_id is None:
        abort(404)
    return rosters.get_context(session, context_id)
