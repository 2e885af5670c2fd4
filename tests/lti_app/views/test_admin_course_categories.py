"""The tree of categories: added to, renamed, moved, and thinned without losing a course."""

import pytest
from sqlalchemy import select

from content.core.errors import CourseInvalid
from content.models.course import CourseCategory
from content.services import course_settings, courses
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services import course_categories
from tests.lti_app.views.test_admin_courses import make

PAGE = "/admin/courses/categories"


@pytest.fixture
def keeper(portal):
    portal.sign_in_as(Role.INSTRUCTOR)
    return portal


def ids(portal) -> dict[str, str]:
    with transaction(portal.tenant) as session:
        return {one.name: str(one.id) for one in session.scalars(select(CourseCategory))}


def add(portal, name, parent=""):
    return portal.post(PAGE, {"name": name, "parent": ids(portal).get(parent, parent)})


def grow(portal, *names):
    """Names with their parents: "Plants", "Plants/Pots"."""
    for name in names:
        parent, _slash, own = name.rpartition("/")
        assert add(portal, own, parent).status_code == 303


def tree(portal):
    """Names as nested lists."""

    def show(nodes):
        return [(one.category.name, show(one.children)) for one in nodes]

    with transaction(portal.tenant) as session:
        return show(course_categories.read_tree(session))


def change(portal, category, **fields):
    known = ids(portal)
    fields["parent"] = known.get(fields.get("parent"), fields.get("parent", ""))
    return portal.post(f"{PAGE}/{known[category]}", {"name": category, **fields})


def test_categories_are_added_renamed_and_moved_with_all_that_is_below_them(keeper):
    grow(keeper, "Plants", "Animals", "Plants/Pots", "Pots/Clay")
    assert tree(keeper) == [("Plants", [("Pots", [("Clay", [])])]), ("Animals", [])]
    assert change(keeper, "Pots", parent="Animals").status_code == 303
    assert change(keeper, "Plants", name="Green things").status_code == 303
    assert tree(keeper) == [("Green things", []), ("Animals", [("Pots", [("Clay", [])])])]
    page = keeper.get(PAGE).text
    assert "Green things" in page
    assert PAGE in keeper.get("/admin/courses/").text


def test_siblings_change_places_and_stay_at_the_ends(keeper):
    grow(keeper, "A", "B", "C")
    for name, way in (("C", "up"), ("A", "up"), ("B", "down")):
        keeper.post(f"{PAGE}/{ids(keeper)[name]}/step", {"way": way})
    assert [name for name, _below in tree(keeper)] == ["A", "C", "B"]


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("Plants", {"parent": "Clay"}, "cannot be below itself"),
        ("Plants", {"parent": "Plants"}, "cannot be below itself"),
        ("Clay", {"name": "  "}, "a name of 1 to 80"),
        ("Clay", {"name": "x" * 81}, "a name of 1 to 80"),
        ("Animals", {"name": "plants"}, "in this place already"),
        ("Plants", {"parent": "nonsense"}, "choose a category"),
    ],
)
def test_what_would_make_the_tree_unreadable_is_refused(keeper, name, fields, said):
    grow(keeper, "Plants", "Animals", "Plants/Pots", "Pots/Clay")
    before = tree(keeper)
    answer = change(keeper, name, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert tree(keeper) == before


def test_a_tree_has_at_most_five_levels(keeper):
    grow(keeper, "A", "A/B", "B/C", "C/D", "D/E", "X", "X/Y")
    assert add(keeper, "F", "E").status_code == 422
    assert change(keeper, "X", parent="D").status_code == 422
    assert change(keeper, "X", parent="C").status_code == 303


def test_what_is_in_a_deleted_category_goes_one_level_up(keeper):
    grow(keeper, "Plants", "Plants/Pots", "Pots/Clay")
    course_id = make(keeper)
    known = ids(keeper)
    with transaction(keeper.tenant) as session:
        course_settings.change_settings(session, course_id, category_id=known["Pots"])
    assert keeper.post(f"{PAGE}/{known['Pots']}/delete").status_code == 303
    assert tree(keeper) == [("Plants", [("Clay", [])])]
    with transaction(keeper.tenant) as session:
        assert str(courses.get_course(session, course_id).category_id) == known["Plants"]
    keeper.post(f"{PAGE}/{known['Plants']}/delete")
    with transaction(keeper.tenant) as session:
        assert courses.get_course(session, course_id).category_id is None


def test_a_category_is_kept_where_its_children_would_meet_their_namesakes(keeper):
    grow(keeper, "Clay", "Pots", "Pots/Clay")
    answer = keeper.post(f"{PAGE}/{ids(keeper)['Pots']}/delete")
    assert answer.status_code == 422
    assert len(tree(keeper)) == 2


def test_equal_names_in_different_places_have_addresses_of_their_own(session):
    first = course_categories.add(session, "Café", None)
    second = course_categories.add(session, "Café", first.id)
    third = course_categories.add(session, "日本", None)
    assert [one.slug for one in (first, second, third)] == ["cafe", "cafe-2", "category"]
    with pytest.raises(CourseInvalid):
        course_categories.add(session, "CAFÉ", None)


def test_who_changes_only_their_own_courses_does_not_change_the_tree(portal):
    portal.sign_in_as(Role.CONTENT_CREATOR)
    assert portal.get(PAGE).status_code == 403
    assert portal.post(PAGE, {"name": "Mine"}).status_code == 403
    assert PAGE not in portal.get("/admin/courses/").text
