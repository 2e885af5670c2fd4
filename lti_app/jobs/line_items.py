"""Finding, making or changing a link's line item: read │ network │ write, then its grades are
scheduled."""

import random
from datetime import UTC, datetime
from uuid import UUID

from flask import current_app

from database.session import transaction
from lti_app import queue
from lti_app.core.ags import Answer
from lti_app.core.line_items import LineItem, build_line_item
from lti_app.core.platforms.families import get_family
from lti_app.platform_client.line_item_service import change_item, create_item, find_item
from lti_app.services import line_item_changes, line_items, sendings
from lti_app.services.line_items import Wanted


def ensure(tenant_id: str, link_id: str) -> None:
    """Look for the link's line item, make it where there is none (job on queue "grades")."""
    tenant, link = UUID(tenant_id), UUID(link_id)
    follow(tenant, link)
    with transaction(tenant) as session:
        wanted = line_items.claim(session, link, datetime.now(UTC))
    if wanted is None:
        return
    item, answer, is_created = search(wanted)
    with transaction(tenant) as session:
        is_there = line_items.conclude(
            session,
            wanted,
            item,
            answer,
            is_created=is_created,
            now=datetime.now(UTC),
            jitter=random.random(),  # noqa: S311  spreads retries, nothing secret
        )
    if is_there:
        send_link(tenant, wanted.access.registration_id, link)


def follow(tenant: UUID, link_id: UUID) -> None:
    """Let a line item that we made say what its content says now, where that has changed."""
    with transaction(tenant) as session:
        change = line_item_changes.claim(session, link_id, datetime.now(UTC))
    if change is None:
        return
    answer = change_item(
        change.access,
        change.line_item_url,
        change.scopes,
        get_family(change.family),
        change.changes,
    )
    with transaction(tenant) as session:
        line_item_changes.conclude(session, change, answer, datetime.now(UTC))


def search(wanted: Wanted) -> tuple[LineItem | None, Answer, bool]:
    """The platform's line item for the link, its last answer, and whether we made it."""
    family = get_family(wanted.family)
    app_url = current_app.config["LECTERN"].app_url
    found, answer = find_item(
        wanted.access,
        wanted.line_items_url,
        wanted.scopes,
        family,
        resource_id=wanted.resource_id,
        resource_link_id=wanted.resource_link_id,
        own_url=app_url,
    )
    is_answered = answer.status is not None and 200 <= answer.status < 300
    if found is not None or not is_answered or not wanted.may_create:
        return found, answer, False
    body = build_line_item(
        label=wanted.label,
        maximum=wanted.maximum,
        resource_id=wanted.resource_id,
        resource_link_id=wanted.resource_link_id if family.binds_line_items else None,
        extension=family.extend_line_item(f"{app_url}/lti/launch"),
    )
    made, answer = create_item(wanted.access, wanted.line_items_url, wanted.scopes, body)
    return made, answer, made is not None


def send_link(tenant: UUID, registration_id: UUID, link_id: UUID) -> None:
    """Schedule every grade of a link that has waited for its line item."""
    with transaction(tenant) as session:
        grade_ids = sendings.list_grade_ids(session, registration_id, link_id=link_id)
    for grade_id in grade_ids:
        with transaction(tenant) as session:
            sendings.schedule_grade(session, grade_id, now=datetime.now(UTC))
    queue.enqueue_once(queue.DELIVER_SCORES, tenant, registration_id)
