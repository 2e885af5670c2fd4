"""Names and Roles Provisioning Services 2.0."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from demo_lms.core import media_types, memberships, scopes
from demo_lms.core.addresses import memberships_url
from demo_lms.core.course import members_of
from demo_lms.core.errors import ServiceRefused
from demo_lms.state.courses import find_activity, find_course
from demo_lms.state.manner import present_manner
from demo_lms.state.tokens import check_bearer
from demo_lms.views.parts import parts

bp = Blueprint("memberships", __name__)


@bp.get("/lti/nrps/<course>/memberships")
def list_members(course: str) -> Response:
    """One page of the roster, with the way to the next in the Link header."""
    demo = parts()
    with demo.store.reading() as state:
        manner = present_manner(state)
        rules = manner.personality.memberships
        header = request.headers.get("Accept")
        media_types.check_accept(header, media_types.MEMBERSHIPS, exact=rules.exact_media_type)
        authorization = request.headers.get("Authorization")
        check_bearer(state, authorization, scopes.READ_MEMBERSHIPS, demo.doors.now())
        context = find_course(state, course)
        page = memberships.parse_page(request.args, rules)
        link = find_activity(state, page.rlid) if page.rlid else None
    if context is None or (page.rlid and (link is None or link.course != course)):
        raise ServiceRefused(404, "There is no such course or resource link")
    people = memberships.select(members_of(manner.members), page, rules)
    address = memberships_url(demo.settings.issuer, course)
    body = memberships.show_page(address, context, people, page, manner, link)
    answer = Response(json.dumps(body), content_type=media_types.MEMBERSHIPS)
    header = memberships.link_header(address, len(people), page, rules)
    if header:
        answer.headers["Link"] = header
    return answer
