"""Pages in a platform's frame, on a phone and on a desk, light and dark: usable by everybody."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.lti.deep_linking import Settings
from lti_app.core.lti.frame_token import FrameToken, sign_frame_token
from lti_app.core.lti.message_types import SUBMISSION_REVIEW_REQUEST
from lti_app.core.lti.state import build_state
from lti_app.models.context import Context, LinkMember, ResourceLink
from lti_app.models.deep_link import DeepLink
from lti_app.models.launch import Launch
from lti_app.models.registration import Deployment
from lti_app.models.user import User
from lti_app.services import launch_shares
from lti_app.services.reviews import ROLE_SCOPE_MENTOR
from scorm_runtime.models.package import Package
from scorm_runtime.services.attempts import open_attempt
from tests.lti_app.browser.conftest import AXE, Site

pytestmark = pytest.mark.browser

SETTINGS = Settings(
    return_url="https://lms.test/return",
    accept_types=("ltiResourceLink",),
    document_targets=("iframe", "window"),
    accept_multiple=True,
)


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, str]:
    """Addresses of each page, with somebody allowed to see it."""
    with transaction(site.tenant) as session:
        deployment = session.scalars(select(Deployment)).first()
        teacher, learner = session.scalars(select(User).order_by(User.id).limit(2)).all()
        old, link = _links(session, deployment)
        for user, role in ((teacher, "instructor"), (learner, "learner")):
            session.add(_member(link, user, role))
        deep_link = DeepLink(
            deployment_id=deployment.id,
            user_id=teacher.id,
            context_id=link.context_id,
            settings=SETTINGS.as_json(),
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )
        launch = Launch(
            result="accepted",
            registration_id=deployment.registration_id,
            deployment_id=deployment.id,
            resource_link_id=link.id,
            user_id=teacher.id,
            message_type=SUBMISSION_REVIEW_REQUEST,
            role="instructor",
            claims={ROLE_SCOPE_MENTOR: [str(learner.id)]},
        )
        package = session.scalars(select(Package).where(Package.key == "demo-quiz")).one()
        attempt = open_attempt(
            session,
            package_id=package.id,
            user_id=learner.id,
            context_key=f"link:{link.id}",
            now=datetime.now(UTC),
        )
        attempt.completion, attempt.score_scaled = "incomplete", 0.4
        session.add_all([deep_link, launch])
        session.flush()
        mentoring = _mentor(session, link, learner, deployment)
        secret = build_state(site.tenant, token_bytes(32))
        launch_shares.share_launch(
            session, launch.id, token=secret, now=datetime.now(UTC), by=teacher.id
        )
        picker = _address(site, "picker", "deep-link", teacher, deep_link.id, launch)
        content = _address(site, "content", "link-content", teacher, link.id, launch)
        return {
            "picker": picker,
            "searched": f"{picker}?q=quiz&item=demo-2004",
            "nothing found": f"{picker}?q=zebra",
            "options": f"{picker}/options?item=demo-quiz&item=demo-page-turner",
            "content": content,
            "content options": f"{content}/options?item=demo-quiz",
            "review": _address(site, "review", "review", teacher, learner.id, launch),
            "mentor": _address(site, "mentor", "mentor", *mentoring),
            "report for support": f"{site.url}/lti/reports/{secret}",
            "link": f"{site.url}/admin/links/{link.id}",
            "copied": f"{site.url}/admin/links/{old.id}",
        }


def _links(session: Session, deployment: Deployment) -> tuple[ResourceLink, ResourceLink]:
    course = Context(deployment_id=deployment.id, context_id="f-2", title="Fire safety 2026")
    session.add(course)
    session.flush()
    place = {"deployment_id": deployment.id, "context_id": course.id, "package_key": "demo-quiz"}
    old = ResourceLink(**place, resource_link_id="f-1", title="The quiz")
    session.add(old)
    session.flush()
    new = ResourceLink(
        **place, resource_link_id="f-2", title="The quiz", copied_from_id=old.id, item_version=9
    )
    session.add(new)
    session.flush()
    return old, new


def _mentor(
    session: Session, link: ResourceLink, learner: User, deployment: Deployment
) -> tuple[User, UUID, Launch]:
    """Somebody whose launch says that they mentor the learner."""
    mentor = User(display_name="Mia Mentor", given_name="Mia", family_name="Mentor")
    session.add(mentor)
    session.flush()
    launch = Launch(
        result="accepted",
        registration_id=deployment.registration_id,
        deployment_id=deployment.id,
        resource_link_id=link.id,
        user_id=mentor.id,
        role="mentor",
        claims={ROLE_SCOPE_MENTOR: [str(learner.id)]},
    )
    session.add_all([_member(link, mentor, "mentor"), launch])
    session.flush()
    return mentor, link.id, launch


def _member(link: ResourceLink, user: User, role: str) -> LinkMember:
    return LinkMember(
        resource_link_id=link.id,
        user_id=user.id,
        subject=str(user.id),
        role=role,
        last_launched_at=datetime.now(UTC),
    )


def _address(site: Site, page: str, path: str, user: User, subject_id: UUID, launch: Launch) -> str:
    token = FrameToken(
        page=page,
        tenant_id=site.tenant,
        user_id=user.id,
        subject_id=subject_id,
        launch_id=launch.id,
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    text = sign_frame_token(site.portal.app.config["SECRET_KEY"], token)
    return f"{site.url}/lti/{path}/{text}"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_frame(
    site, pages, open_page, width, scheme
):
    """WCAG 2.2 AA as far as axe-core can see it; what the policy forbids shows in the console."""
    page = open_page(
        "admin@school.test", width, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    for name, address in pages.items():
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            problems.append(f"{name}: answers {answer and answer.status}")
            continue
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        problems += [f"{name}: {v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]]
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            problems.append(f"{name}: {wider} px wider than the frame")
    assert problems == []


def test_the_picker_is_worked_with_keys_alone(pages, open_page):
    """Search, choose, go on: Tab, letters, Space, Enter."""
    page = open_page()
    page.goto(pages["picker"])
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("quiz")
    expect(page.locator(".pick-card")).to_have_count(1, timeout=15_000)
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.classList.contains('pick-mark')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#add")
