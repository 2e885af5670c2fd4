"""The six products the Demo LMS can behave as.

Moodle is as measured on a running 4.5 site. The others are put together from their makers' public
documents and source code; none of them was confirmed on a live platform (to verify).
"""

from __future__ import annotations

from demo_lms.core.personality import (
    Claims,
    LineItems,
    Memberships,
    Personality,
    Registration,
    Scores,
)

MOODLE = Personality(
    key="moodle",
    title="Moodle 4.5",
    family_code="moodle",
    version="2024100706",
    line_items=LineItems(
        container="/lti/services/{course}/lineitems",
        item="/lti/services/{course}/lineitems/{item}/lineitem",
        typed=True,
        hides_second=True,
        exact_media_types=True,
        results_limit=False,
        good_link_header=False,
    ),
    claims=Claims(lifetime=60, custom_twice=True, history=False, basic_outcome=True),
    scores=Scores(
        erases=True,
        known_progress_only=False,
        whole_seconds=True,
        locked=(500, "Internal Server Error"),
        wipes_comment=True,
        clamps=True,
    ),
    memberships=Memberships(short_roles=True, inactive=False, exact_media_type=True),
    registration=Registration(must_activate=True),
    deployment="{number}",
    deep_linking={
        "accept_types": ["ltiResourceLink"],
        "accept_copy_advice": False,
        "accept_unsigned": False,
        "can_confirm": False,
        "title": "The tool",
        "text": "",
    },
    data=False,
)

CANVAS = Personality(
    key="canvas",
    title="Canvas",
    family_code="canvas",
    version="cloud",
    line_items=LineItems(
        container="/api/lti/courses/{course}/line_items",
        item="/api/lti/courses/{course}/line_items/{item}",
        delete_coupled=(401, "Unauthorized"),  # CANVAS-33
        unknown_link=(404, "Not Found"),  # CANVAS-34
    ),
    claims=Claims(
        azp=True,
        institution_roles=True,
        login_extra={  # CANVAS-4
            "canvas_region": "us-east-1",
            "canvas_environment": "prod",
            "deployment_id": "{deployment_id}",
        },
    ),
    scores=Scores(
        counting=frozenset({"FullyGraded", "PendingManual"}),  # CANVAS-19
        erases=True,
        older=(400, "Timestamp is older than the result's timestamp"),  # CANVAS-21
        no_maximum=(422, "Unprocessable Entity: scoreMaximum is required"),  # CANVAS-20
        not_gradable=(422, "Unprocessable Entity: user is not a student"),  # CANVAS-22
        locked=(422, "Unprocessable Entity: the grading period is closed"),
        override="when_asked",  # CANVAS-28
    ),
    memberships=Memberships(page=10, most=50),  # CANVAS-35
    registration=Registration(
        token_for_configuration=True,
        extensions={
            "https://canvas.instructure.com/lti/account_name": "Demo account",
            "https://canvas.instructure.com/lti/account_lti_guid": "demo-lms.canvas-lms",
        },
        wanted=(
            "https://canvas.instructure.com/lti/privacy_level",
            "https://canvas.instructure.com/lti/tool_id",
        ),
        refusal=422,  # CANVAS-16
    ),
    deployment="{number}:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
    deep_linking={
        "accept_types": ["link", "file", "html", "ltiResourceLink", "image"],
        "accept_media_types": "image/*,text/html",
        "auto_create": True,
    },
    data=False,
    storage_target="post_message_forwarding",  # CANVAS-5
    storage_frame="post_message_forwarding",
)

BLACKBOARD = Personality(
    key="blackboard",
    title="Blackboard",
    family_code="BlackboardLearn",
    version="3900.96.0",
    line_items=LineItems(
        container="/learn/api/v1/lti/courses/_{course}_1/lineItems",
        item="/learn/api/v1/lti/courses/_{course}_1/lineItems/_{item}_1",
        only_own=True,
        typed_reads=True,  # BB-8
        result_comments=False,  # BB-10
    ),
    claims=Claims(institution_roles=True),
    scores=Scores(wipes_comment=True),
    memberships=Memberships(page=50),
    deployment="7a6c4f0e-0000-4000-8000-{number:0>12}",
    deep_linking={"accept_types": ["ltiResourceLink", "link", "html", "image", "file"]},
    storage_frame="lti_storage_frame",  # not sent at login: lti.capabilities tells it. BB-5
)

BRIGHTSPACE = Personality(
    key="brightspace",
    title="Brightspace",
    family_code="desire2learn",
    version="20.26.11",
    line_items=LineItems(
        container="/d2l/api/lti/ags/2.0/orgunits/{course}/lineitems",
        item="/d2l/api/lti/ags/2.0/orgunits/{course}/lineitems/{item}",
    ),
    claims=Claims(azp=True, nbf=True, institution_roles=True),
    scores=Scores(
        not_gradable=(403, "The user's role cannot be graded in Grades"),  # D2L-7
        clamps=True,  # D2L-8: "Can Exceed" is off
        override="replaced",
    ),
    memberships=Memberships(page=100),
    registration=Registration(token=False),  # D2L-5
    deployment="b5d1f8c0-0000-4000-8000-{number:0>12}",
    token_audience="https://api.brightspace.com/auth/token",  # noqa: S106 (an address). D2L-3
)

SAKAI = Personality(
    key="sakai",
    title="Sakai",
    family_code="sakai",
    version="23.4",
    line_items=LineItems(
        container="/imsblis/lti13/lineitems/{course}",
        item="/imsblis/lti13/lineitem/{course}/{item}",
    ),
    memberships=Memberships(inactive=False),
    deployment="1",  # SAKAI-2
    deep_linking={"accept_types": ["ltiResourceLink", "link", "image"]},
    storage_target="_parent",  # SAKAI-3
    storage_frame="_parent",
)

GENERIC = Personality(
    key="generic",
    title="None in particular",
    family_code="lectern-demo",
    line_items=LineItems(
        container="/lti/ags/{course}/lineitems", item="/lti/ags/{course}/lineitems/{item}"
    ),
    memberships=Memberships(page=100, differences=True),
    storage_target="lti_storage",
    storage_frame="lti_storage",
)

PERSONALITIES = {one.key: one for one in (MOODLE, CANVAS, BLACKBOARD, BRIGHTSPACE, SAKAI, GENERIC)}
DEFAULT = MOODLE.key
