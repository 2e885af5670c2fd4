"""Courses in Manage: made, written by form and by script, published; and who may not."""

import re
from uuid import UUID

import pytest

from content.models.course import Course
from content.services import drafts
from database.session import transaction
from lti_app.core.permissions import Role


@pytest.fixture
def author(portal):
    portal.sign_in_as(Role.INSTRUCTOR)
    return portal


def become(portal, email):
    """Somebody else takes the seat."""
    portal.post("/sign-out")
    assert portal.sign_in(email).status_code == 303


def make(portal, title="House plants") -> UUID:
    answer = portal.post("/admin/courses/new", {"title": title})
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.rstrip("/").rsplit("/", 1)[-1])


def draft_of(portal, course_id):
    with transaction(portal.tenant) as session:
        return drafts.get_draft(session, course_id)


def step(portal, course_id, name, **fields):
    revision = draft_of(portal, course_id).revision
    data = {"step": name, "revision": revision, **fields}
    return portal.post(f"/admin/courses/{course_id}/draft/steps", data)


def send(portal, course_id, changes, revision=None):
    token = portal.csrf_token("/account")
    seen = draft_of(portal, course_id).revision if revision is None else revision
    with portal.app.app_context():
        return portal.client.post(
            f"/admin/courses/{course_id}/draft/changes",
            json={"revision": seen, "changes": changes},
            headers={"X-CSRFToken": token, "Accept": "application/json"},
            base_url=portal.origin,
        )


def furnish(portal, course_id, *kinds):
    """A module with a unit of each kind; their ids."""
    step(portal, course_id, "add_module")
    module = draft_of(portal, course_id).document["modules"][-1]
    for kind in kinds:
        assert step(portal, course_id, "add_unit", id=module["id"], kind=kind).status_code == 303
    module = draft_of(portal, course_id).document["modules"][-1]
    return module["id"], [unit["id"] for unit in module["units"]]


def test_a_title_makes_a_draft_that_is_in_the_list(author):
    course_id = make(author)
    page = author.get("/admin/courses/").text
    assert "House plants" in page
    assert str(course_id) in page
    assert author.get("/admin/courses/?q=nothing").text.count("House plants") == 0


def test_without_a_title_nothing_is_made(author):
    answer = author.post("/admin/courses/new", {"title": "  "})
    assert answer.status_code == 422
    assert "Give it a title." in answer.text


def test_every_kind_of_unit_has_its_form(author):
    course_id = make(author)
    _module, units = furnish(author, course_id, "lesson", "package", "quiz", "link", "assignment")
    for unit in units:
        page = author.get(f"/admin/courses/{course_id}/content/{unit}")
        assert page.status_code == 200
        assert 'name="rule"' in page.text
        assert author.get(f"/admin/courses/{course_id}/preview/{unit}").status_code == 200


def test_a_form_without_script_saves_all_settings_of_a_unit(author):
    course_id = make(author)
    _module, [unit] = furnish(author, course_id, "assignment")
    fields = {
        "revision": draft_of(author, course_id).revision,
        "title": "An essay", "body": "Write.\r\nWell.", "rule": "score", "rule_score": "60",
        "weight": "2,5", "minutes": "30", "opens": "days", "opens_days": "3", "due": "at",
        "due_at": "2027-01-31T08:00", "accept": "file", "extensions": ".PDF, docx",
        "points": "20", "max_mb": "5", "tries": "2",
    }  # fmt: skip
    answer = author.post(f"/admin/courses/{course_id}/draft/parts/{unit}", fields)
    assert answer.status_code == 303
    saved = draft_of(author, course_id).document["modules"][0]["units"][0]
    assert saved["completion"] == {"rule": "score", "score": 0.6}
    assert saved["opens"] == {"days": 3}
    assert saved["due"] == {"at": "2027-01-31T08:00:00+00:00"}
    assert (saved["weight"], saved["required"], saved["body"]) == (2.5, False, "Write.\nWell.")
    assert saved["assignment"] == {
        "accept": "file", "max_mb": 5, "extensions": ["pdf", "docx"], "points": 20, "tries": 2,
    }  # fmt: skip
    page = author.get(f"/admin/courses/{course_id}/content/{unit}").text
    assert 'value="2027-01-31T08:00"' in page
    assert 'value="60"' in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", " ", "Give it a title."),
        ("minutes", "-3", "Enter a number"),
        ("url", "javascript:alert(1)", "begins with https://"),
        ("due_at", "yesterday", "Enter a date"),
    ],
)
def test_a_field_that_cannot_be_read_comes_back_with_what_was_entered(author, field, value, said):
    course_id = make(author)
    _module, [unit] = furnish(author, course_id, "link")
    before = draft_of(author, course_id)
    fields = {"title": "A page", "due": "at", "revision": before.revision, field: value}
    answer = author.post(f"/admin/courses/{course_id}/draft/parts/{unit}", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert draft_of(author, course_id).document == before.document


def test_the_script_saves_changes_together_and_learns_the_revision(author):
    course_id = make(author)
    module, [first, second] = furnish(author, course_id, "lesson", "link")
    answer = send(
        author,
        course_id,
        [
            {"op": "move_unit", "unit": second, "module": module, "index": 0},
            {"op": "set_module", "id": module, "fields": {"title": "Light"}},
        ],
    )
    draft = draft_of(author, course_id)
    assert answer.json["data"] == {"revision": draft.revision}
    [saved] = draft.document["modules"]
    assert (saved["title"], [unit["id"] for unit in saved["units"]]) == ("Light", [second, first])


def test_the_same_changes_again_are_no_conflict(author):
    """The answer to the first was lost on the way; the script asks again."""
    course_id = make(author)
    module, [first, _second] = furnish(author, course_id, "lesson", "link")
    seen = draft_of(author, course_id).revision
    changes = [
        {"op": "set_module", "id": module, "fields": {"title": "Light"}},
        {"op": "move_unit", "unit": first, "module": module, "index": 1},
    ]
    assert send(author, course_id, changes, seen).status_code == 200
    again = send(author, course_id, changes, seen)
    assert (again.status_code, again.json["data"]["revision"]) == (200, seen + 1)


def test_who_saves_over_somebody_else_is_told_who_and_nothing_is_overwritten(author):
    course_id = make(author)
    module, _units = furnish(author, course_id)
    seen = draft_of(author, course_id).revision
    author.add(Role.TENANT_ADMINISTRATOR, "boss@school.test", "Bea Boss")
    become(author, "boss@school.test")
    theirs = [{"op": "set_module", "id": module, "fields": {"title": "Theirs"}}]
    assert send(author, course_id, theirs).status_code == 200
    become(author, "instructor@school.test")
    ours = [{"op": "set_module", "id": module, "fields": {"title": "Ours"}}]
    refused = send(author, course_id, ours, seen)
    assert refused.status_code == 409
    [who] = refused.json["error"]["details"]
    assert (who["by"], who["revision"]) == ("Bea Boss", seen + 1)
    assert draft_of(author, course_id).document["modules"][0]["title"] == "Theirs"
    assert send(author, course_id, ours, who["revision"]).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"op": "fly"},
        {"op": "move_unit", "unit": "nothing", "module": "nothing", "index": 0},
        {"op": "set_unit", "id": "nothing", "fields": {"title": "x"}},
        {"op": "set_course", "fields": {"title": ""}},
        {"op": "set_course", "fields": {"title": "x", "language": "not a language"}},
        "no change",
    ],
)
def test_a_change_that_cannot_be_done_leaves_the_others_undone_too(author, change):
    course_id = make(author)
    before = draft_of(author, course_id)
    answer = send(author, course_id, [{"op": "add_module"}, change])
    assert answer.status_code in (404, 422)
    assert answer.json["error"]["message"]
    assert draft_of(author, course_id).document == before.document


def test_units_go_up_and_down_over_the_ends_of_modules_by_buttons(author):
    course_id = make(author)
    _one, [unit] = furnish(author, course_id, "lesson")
    furnish(author, course_id, "link")

    def shape():
        modules = draft_of(author, course_id).document["modules"]
        return [[each["kind"] for each in module["units"]] for module in modules]

    step(author, course_id, "down", id=unit)
    assert shape() == [[], ["lesson", "link"]]
    step(author, course_id, "copy", id=unit)
    assert shape() == [[], ["lesson", "lesson", "link"]]
    step(author, course_id, "up", id=unit)
    assert shape() == [["lesson"], ["lesson", "link"]]
    step(author, course_id, "remove", id=unit)
    assert shape() == [[], ["lesson", "link"]]


def test_a_course_is_published_when_nothing_is_missing(author):
    course_id = make(author)
    path = f"/admin/courses/{course_id}/publish"
    assert "The course has no content yet." in author.get(path).text
    _module, [unit] = furnish(author, course_id, "link")
    page = author.get(path).text
    assert "The address is missing." in page
    assert f"/content/{unit}" in page
    fields = {"title": "A page", "url": "https://example.org", "required": "yes"}
    assert send(author, course_id, [{"op": "set_unit", "id": unit, "fields": fields}]).json
    revision = draft_of(author, course_id).revision
    author.post(path, {"revision": revision, "note": "First"})
    with transaction(author.tenant) as session:
        course = session.get(Course, course_id)
        assert (course.state, course.current_version.note) == ("published", "First")


def test_a_draft_that_changed_since_the_page_was_opened_is_not_published(author):
    course_id = make(author)
    furnish(author, course_id, "lesson")
    author.post(f"/admin/courses/{course_id}/publish", {"revision": 1})
    with transaction(author.tenant) as session:
        assert session.get(Course, course_id).state == "draft"


def test_settings_are_saved_together_or_not_at_all(author):
    course_id = make(author)
    path = f"/admin/courses/{course_id}/settings"
    assert author.get(path).status_code == 200
    fields = {
        "revision": draft_of(author, course_id).revision, "title": "Plants", "summary": "Green.",
        "tags": "a, b ,a", "language": "de", "passing_score": "70", "rule": "count", "count": "2",
        "certificate": "yes", "enrolment_mode": "closed", "key": "plants",
    }  # fmt: skip
    wrong = author.post(path, {**fields, "key": "Not A Key"})
    assert wrong.status_code == 422
    assert draft_of(author, course_id).document["title"] == "House plants"
    assert author.post(path, fields).status_code == 303
    document = draft_of(author, course_id).document
    assert (document["passing_score"], document["certificate"]) == (0.7, True)
    assert document["completion"] == {"rule": "count", "count": 2}
    with transaction(author.tenant) as session:
        course = session.get(Course, course_id)
        assert (course.key, course.enrolment_mode, course.language) == ("plants", "closed", "de")


def test_a_copy_has_the_content_under_new_ids_and_no_learners(author):
    course_id = make(author)
    _module, units = furnish(author, course_id, "lesson")
    answer = author.post(f"/admin/courses/{course_id}/duplicate")
    copy_id = UUID(re.search(r"courses/([0-9a-f-]{36})", answer.location)[1])
    document = draft_of(author, copy_id).document
    assert document["title"] == "House plants (copy)"
    assert document["modules"][0]["units"][0]["id"] not in units


def test_an_archived_course_is_read_only_until_it_is_brought_back(author):
    course_id = make(author)
    author.post(f"/admin/courses/{course_id}/archive", {"archived": "yes"})
    assert "House plants" not in author.get("/admin/courses/").text
    assert "House plants" in author.get("/admin/courses/?state=archived").text
    assert send(author, course_id, [{"op": "add_module"}]).status_code == 422
    author.post(f"/admin/courses/{course_id}/archive", {"archived": "no"})
    assert send(author, course_id, [{"op": "add_module"}]).status_code == 200


def test_a_creator_sees_and_changes_own_courses_only_and_a_learner_none(author):
    course_id = make(author)
    author.add(Role.CONTENT_CREATOR)
    author.add(Role.LEARNER)
    become(author, "content_creator@school.test")
    assert author.get(f"/admin/courses/{course_id}/").status_code == 404
    assert send(author, course_id, [{"op": "add_module"}], 1).status_code == 404
    assert "House plants" not in author.get("/admin/courses/").text
    become(author, "learner@school.test")
    assert author.get(f"/admin/courses/{course_id}/").status_code == 403
    assert send(author, course_id, [{"op": "add_module"}], 1).status_code == 403


def test_a_named_instructor_may_write_a_course_that_somebody_else_made(author):
    course_id = make(author)
    author.add(Role.CONTENT_CREATOR, "cora@school.test", "Cora Creator")
    path = f"/admin/courses/{course_id}/instructors"
    author.post(path, {"email": "cora@school.test"})
    become(author, "cora@school.test")
    assert author.get(f"/admin/courses/{course_id}/").status_code == 200
    assert send(author, course_id, [{"op": "add_module"}]).status_code == 200


def test_a_change_needs_the_token_of_a_form(author):
    course_id = make(author)
    with author.app.app_context():
        answer = author.client.post(
            f"/admin/courses/{course_id}/draft/changes",
            json={"revision": 1, "changes": []},
            base_url=author.origin,
        )
    assert answer.status_code == 400
