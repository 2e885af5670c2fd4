"""Who may do what: one table (source: the architecture's permission matrix)."""

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
    MANAGE_GRADES = "manage grades"
    VIEW_ANALYTICS = "view analytics"
    VIEW_OWN_ANALYTICS = "view own analytics"
    TAKE_CONTENT = "take content"


_P = Permission
_LEARNER = {_P.TAKE_CONTENT}
_CREATOR = _LEARNER | {_P.CREATE_CONTENT, _P.EDIT_OWN_CONTENT, _P.VIEW_OWN_ANALYTICS}
_INSTRUCTOR = _CREATOR | {_P.EDIT_ALL_CONTENT, _P.MANAGE_GRADES}
_TENANT_ADMINISTRATOR = set(_P) - {_P.MANAGE_TENANTS}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SYSTEM_ADMINISTRATOR: frozenset(_P),
    Role.TENANT_ADMINISTRATOR: frozenset(_TENANT_ADMINISTRATOR),
    Role.INSTRUCTOR: frozenset(_INSTRUCTOR),
    Role.CONTENT_CREATOR: frozenset(_CREATOR),
    Role.LEARNER: frozenset(_LEARNER),
}


def is_allowed(role: Role, permission: Permission) -> bool:
    """Whether `role` holds `permission`."""
    return permission in PERMISSIONS[role]
