"""The permission matrix, against the architecture document (Role-Based Access Control)."""

import pytest

from lti_app.core.permissions import MATRIX, Permission, Role, assignable_roles, is_allowed

# Admin, Instructor, Content Creator, Learner
DOCUMENT = {
    Permission.MANAGE_USERS: "x---",
    Permission.CREATE_CONTENT: "xxx-",
    Permission.EDIT_OWN_CONTENT: "xxx-",
    Permission.EDIT_ALL_CONTENT: "xx--",
    Permission.VIEW_ANALYTICS: "x---",
    Permission.VIEW_OWN_ANALYTICS: "xxx-",
    Permission.TAKE_CONTENT: "xxxx",
    Permission.CREATE_ASSESSMENTS: "xxx-",
}
COLUMNS = (Role.TENANT_ADMINISTRATOR, Role.INSTRUCTOR, Role.CONTENT_CREATOR, Role.LEARNER)


@pytest.mark.parametrize("permission", DOCUMENT)
def test_the_matrix_is_the_documents(permission):
    row = "".join("x" if is_allowed(role, permission) else "-" for role in COLUMNS)

    assert row == DOCUMENT[permission]


def test_every_permission_has_a_row():
    assert set(MATRIX) == set(Permission)


def test_the_system_administrator_may_do_everything():
    assert all(is_allowed(Role.SYSTEM_ADMINISTRATOR, permission) for permission in Permission)


def test_only_the_system_administrator_manages_tenants():
    assert MATRIX[Permission.MANAGE_TENANTS] == {Role.SYSTEM_ADMINISTRATOR}


def test_nobody_gives_a_role_above_the_own():
    assert Role.SYSTEM_ADMINISTRATOR not in assignable_roles(Role.TENANT_ADMINISTRATOR)
    assert Role.SYSTEM_ADMINISTRATOR in assignable_roles(Role.SYSTEM_ADMINISTRATOR)
    assert assignable_roles(Role.INSTRUCTOR) == []
