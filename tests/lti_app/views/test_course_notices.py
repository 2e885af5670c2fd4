"""What people hear of a course; and an old version that becomes the draft again."""

from sqlalchemy import select

from content.services import courses, drafts, enrolments
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.models.notification import Mail, Notification
from lti_app.services import course_notices, notifications
from tests.lti_app.views.test_admin_course_people import NOW, course, enrol, hand_in  # noqa: F401


def told(portal, *kinds):
    """(who, kind, data, path) of the notices of these kinds, in their order."""
    with transaction(portal.tenant) as session:
        rows = session.scalars(
            select(Notification).where(Notification.kind.in_(kinds)).order_by(Notification.id)
        )
        return [(row.user_id, row.kind, row.data, row.path) for row in rows]


def revision(portal, course_id):
    with transaction(portal.tenant) as session:
        return drafts.get_draft(session, course_id).revision


def publish(portal, course_id, **fields):
    data = {"revision": revision(portal, course_id), **fields}
    assert portal.post(f"/admin/courses/{course_id}/publish", data).status_code == 303


def rename(portal, course_id, title):
    with transaction(portal.tenant) as session:
        draft = drafts.get_draft(session, course_id)
        drafts.save_draft(
            session,
            course_id,
            draft.document | {"title": title},
            revision=draft.revision,
            changed_by=None,
            now=NOW,
        )


def test_a_new_version_is_told_to_who_learns_and_teaches_there_and_not_to_its_author(
    portal,
    course,  # noqa: F811
):
    enrolment, gone = enrol(portal, course, "leo@school.test mia@school.test")
    other = portal.add(Role.INSTRUCTOR, "tea@school.test", "Tea Teacher")
    portal.post(f"/admin/courses/{course}/instructors", {"email": "tea@school.test"})
    with transaction(portal.tenant) as session:
        leo = enrolments.get_enrolment(session, enrolment).user_id
        notifications.choose(session, leo, "course_published", "mail", on=True)
        enrolments.drop(session, gone, now=NOW)
    rename(portal, course, "Plants of the house")
    publish(portal, course)
    known = told(portal, "course_published")
    assert {row[0] for row in known} == {leo, other}
    assert known[0][2:] == ({"course": "Plants of the house"}, "/courses/house-plants")
    with transaction(portal.tenant) as session:
        mailed = session.scalars(select(Mail).where(Mail.kind == "course_published"))
        assert [row.user_id for row in mailed] == [leo]


def test_the_first_version_is_no_news(portal, course):  # noqa: F811
    enrol(portal, course)
    with transaction(portal.tenant) as session:
        version = courses.get_version(session, course, 1)
        assert course_notices.tell_published(session, version, by=None, now=NOW) == 0


def test_who_was_graded_hears_the_score_once_and_who_has_to_do_it_again_hears_that(
    portal,
    course,  # noqa: F811
):
    [enrolment] = enrol(portal, course)
    path = f"/admin/courses/{course}/grading/{hand_in(portal, enrolment)}"
    portal.post(path, {"do": "return", "comment": "Write more."})
    path = f"/admin/courses/{course}/grading/{hand_in(portal, enrolment)}"
    for points in ("15", "15", "20"):
        assert portal.post(path, {"points": points, "comment": ""}).status_code == 303
    heard = told(portal, "graded", "returned")
    assert [(row[1], row[2].get("score")) for row in heard] == [
        ("returned", None),
        ("graded", 75),
        ("graded", 100),
    ]
    assert {row[2]["title"] for row in heard} == {"A diary"}
    portal.post("/sign-out")
    portal.sign_in("leo@school.test")
    assert portal.get(heard[1][3]).status_code == 200
    assert "was given back" in portal.get("/notifications").text


def test_an_old_version_becomes_the_draft_and_nothing_that_is_published_changes(
    portal,
    course,  # noqa: F811
):
    rename(portal, course, "Plants of the house")
    publish(portal, course, note="A new name")
    page = portal.get(f"/admin/courses/{course}/publish").text
    assert f"/admin/courses/{course}/versions/1/restore" in page
    assert "versions/2/restore" not in page
    path = f"/admin/courses/{course}/versions/1/restore"
    old = revision(portal, course)
    portal.post(path, {"revision": old - 1})
    assert revision(portal, course) == old
    portal.post(path, {"revision": old})
    with transaction(portal.tenant) as session:
        found = courses.get_course(session, course)
        assert (found.draft["title"], found.title) == ("House plants", "Plants of the house")
        assert len(courses.list_versions(session, course)) == 2
    assert portal.post(f"/admin/courses/{course}/versions/9/restore").status_code == 404
