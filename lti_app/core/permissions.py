"""Who may do what: one table (source: the architecture document, "Role-Based Access Control").

"Admin" of that document is the tenant administrator here; the system administrator may do all
of it in every tenant, and manage the tenants themselves.
"""

from enum import Enum


class Role(Enum):
    """What a person is on the portal; an LTI launch has roles of its own (lti_app.core.lti)."""

    SYSTEM_ADMINISTRATOR = "system_administrator"
    TENANT_ADMINISTRATOR = "tenant_administrator"
    INSTRUCTOR = "instructor"
    CONTENT_CREATOR = "content_creator"
    LEARNER = "learner"


class Permission(Enum):
    MANAGE_TENANTS = "manage tenants"
    MANAGE_SETTINGS = "manage settings"
    MANAGE_USERS = "manage users"
    MANAGE_PLATFORMS = "manage platforms"
    VIEW_LAUNCHES = "view launches"
    CREATE_CONTENT = "create content"
    EDIT_OWN_CONTENT = "edit own content"
    EDIT_ALL_CONTENT = "edit all content"
    CREATE_ASSESSMENTS = "create assessments"
    MANAGE_GRADES = "manage grades"
    VIEW_ANALYTICS = "view analytics"
    VIEW_OWN_ANALYTICS = "view own analytics"
    TAKE_CONTENT = "take content"


_SYSTEM, _TENANT = Role.SYSTEM_ADMINISTRATOR, Role.TENANT_ADMINISTRATOR
_INSTRUCTOR, _CREATOR, _LEARNER = Role.INSTRUCTOR, Role.CONTENT_CREATOR, Role.LEARNER

MATRIX: dict[Permission, set[Role]] = {
    Permission.MANAGE_TENANTS: {_SYSTEM},
    Permission.MANAGE_SETTINGS: {_SYSTEM, _TENANT},
    Permission.MANAGE_USERS: {_SYSTEM, _TENANT},
    Permission.MANAGE_PLATFORMS: {_SYSTEM, _TENANT},
    Permission.VIEW_LAUNCHES: {_SYSTEM, _TENANT},
    Permission.CREATE_CONTENT: {_SYSTEM, _TENANT, _INSTRUCTOR, _CREATOR},
    Permission.EDIT_OWN_CONTENT: {_SYSTEM, _TENANT, _INSTRUCTOR, _CREATOR},
    Permission.EDIT_ALL_CONTENT: {_SYSTEM, _TENANT, _INSTRUCTOR},
    Permission.CREATE_ASSESSMENTS: {_SYSTEM, _TENANT, _INSTRUCTOR, _CREATOR},
    Permission.MANAGE_GRADES: {_SYSTEM, _TENANT, _INSTRUCTOR},
    Permission.VIEW_ANALYTICS: {_SYSTEM, _TENANT},
    Permission.VIEW_OWN_ANALYTICS: {_SYSTEM, _TENANT, _INSTRUCTOR, _CREATOR},
    Permission.TAKE_CONTENT: {_SYSTEM, _TENANT, _INSTRUCTOR, _CREATOR, _LEARNER},
}
"""One line per row of the matrix: the roles that hold the permission."""


def is_allowed(role: Role, permission: Permission) -> bool:
    """Whether `role` holds `permission`."""
    return role in MATRIX[permission]


def assignable_roles(role: Role) -> list[Role]:
    """The roles that somebody with `role` may give to others: none above the own."""
    if not is_allowed(role, Permission.MANAGE_USERS):
        return []
    return [each for each in Role if each is not _SYSTEM or role is _SYSTEM]


def may_edit(role: Role, *, is_own: bool) -> bool:
    """Whether somebody with `role` may change content that is, or is not, their own."""
    own = Permission.EDIT_OWN_CONTENT if is_own else Permission.EDIT_ALL_CONTENT
    return is_allowed(role, own)
