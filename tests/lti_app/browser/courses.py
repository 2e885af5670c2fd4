"""A course that shows something on every page about it: half learnt, with work that waits."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from content.core.outcome import UnitResult
from content.services import courses, enrolments, groups, invitations, progress, submissions
from database.session import transaction
from lti_app.services import course_categories

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LESSON = (
    "## Where?\n\nPlants need [light](https://example.org), and a place.\n\n#### Not dark\n\nNo."
)
UNITS = (
    {"kind": "lesson", "title": "Light", "body": LESSON},
    {"kind": "package", "title": "Played"},
    {"kind": "link", "title": "A shop", "url": "https://example.org", "required": False},
    {"kind": "assignment", "title": "A diary", "body": "Write.", "due": {"days": 1}},
)


def make_document(package_id: UUID) -> dict:
    """Two modules with a unit of each kind but the quiz."""
    units = [{"id": str(uuid4()), **unit} for unit in UNITS]
    units[1]["package"] = str(package_id)
    modules = (("Before you buy", units[:2]), ("At home", units[2:]))
    return {
        "title": "House plants",
        "summary": "Water, light, and patience.",
        "passing_score": 0.6,
        "modules": [{"id": str(uuid4()), "title": title, "units": part} for title, part in modules],
    }


def furnish_courses(tenant: UUID, *, teacher: UUID, learner: UUID, package: UUID) -> dict[str, str]:
    """Addresses of pages by what they are about."""
    document = make_document(package)
    lesson, essay = (document["modules"][at]["units"][at]["id"] for at in (0, 1))
    with transaction(tenant) as session:
        made = courses.create_course(
            session, title="House plants", created_by=teacher, now=NOW, document=document
        )
        courses.publish(session, made.id, published_by=teacher, now=NOW, note="The first one")
        enrolment = enrolments.enrol(
            session, made.id, learner, source="instructor", now=NOW
        ).enrolment
        group = groups.create_group(session, "Class 3b", created_by=teacher)
        groups.add_members(session, group.id, [learner])
        invitations.invite(session, made.id, token=uuid4().hex, created_by=teacher, note="3b")
        seen = UnitResult("completed", seconds=300)
        progress.record_unit_result(session, enrolment.id, UUID(lesson), seen, NOW)
        work = submissions.hand_in(
            session, enrolment.id, UUID(essay), text="Monday: watered.", now=NOW
        ).submission
        plants = course_categories.add(session, "Plants", None)
        course_categories.add(session, "In pots", plants.id)
        course_categories.add(session, "Animals", None)
        session.flush()
        path = f"/admin/courses/{made.id}"
        module = document["modules"][0]
        return {
            "course editor": f"{path}/",
            "course module": f"{path}/content/{module['id']}",
            "course lesson": f"{path}/content/{lesson}",
            "course package": f"{path}/content/{module['units'][1]['id']}",
            "course assignment": f"{path}/content/{essay}",
            "course settings": f"{path}/settings",
            "course versions": f"{path}/publish",
            "course preview": f"{path}/preview/{lesson}",
            "course people": f"{path}/people/",
            "course invitations": f"{path}/people/invitations",
            "course report": f"{path}/report/",
            "course person": f"{path}/report/people/{enrolment.id}",
            "group": f"/admin/groups/{group.id}",
            "course grading": f"{path}/grading/",
            "submission": f"{path}/grading/{work.id}",
        }
