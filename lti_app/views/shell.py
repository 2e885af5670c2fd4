"""What every template may use: navigation, icons, names of roles, the tenant's name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from lti_app.core.permissions import Permission, Role
from lti_app.security.origins import is_content_origin
from lti_app.security.tenancy import find_current_tenant
from lti_app.services.wording import direction_of
from lti_app.views.covers import cover
from lti_app.views.icons import icon
from lti_app.views.notifications import unread_count

ROLE_LABELS = {
    Role.SYSTEM_ADMINISTRATOR: _l("System administrator"),
    Role.TENANT_ADMINISTRATOR: _l("Administrator"),
    Role.INSTRUCTOR: _l("Instructor"),
    Role.CONTENT_CREATOR: _l("Content creator"),
    Role.LEARNER: _l("Learner"),
}


@dataclass(frozen=True)
class Link:
    """One entry of a navigation."""

    label: str
    url: str
    current: bool
    icon: str = ""


ADMIN_PAGES = (
    ("admin.index", _l("Overview"), "speedometer2", Permission.CREATE_CONTENT),
    ("admin_courses.index", _l("Courses"), "easel", Permission.CREATE_CONTENT),
    ("admin_teaching.index", _l("My teaching"), "mortarboard", Permission.VIEW_OWN_ANALYTICS),
    ("admin_groups.index", _l("Groups"), "people-fill", Permission.EDIT_OWN_CONTENT),
    ("admin_quizzes.index", _l("Quizzes"), "patch-question", Permission.CREATE_ASSESSMENTS),
    ("admin_packages.index", _l("Packages"), "box-seam", Permission.CREATE_CONTENT),
    ("admin_attempts.index", _l("Attempts"), "activity", Permission.VIEW_OWN_ANALYTICS),
    ("admin_grades.index", _l("Grades"), "clipboard-check", Permission.VIEW_OWN_ANALYTICS),
    ("admin_certificates.index", _l("Certificates"), "award", Permission.VIEW_ANALYTICS),
    ("admin_platforms.index", _l("Platforms"), "plug", Permission.MANAGE_PLATFORMS),
    ("admin_launches.index", _l("Launches"), "door-open", Permission.VIEW_LAUNCHES),
    ("admin_stores.index", _l("Records"), "journal-text", Permission.VIEW_ANALYTICS),
    ("admin_mails.index", _l("Mails"), "envelope", Permission.MANAGE_SETTINGS),
    ("admin_users.index", _l("People"), "people", Permission.MANAGE_USERS),
)

PARTS = {
    "admin_course_draft": "admin_courses",
    "admin_course_files": "admin_courses",
    "admin_course_people": "admin_courses",
    "admin_course_report": "admin_courses",
    "admin_links": "admin_platforms",
    "admin_platform_grades": "admin_platforms",
    "admin_reports": "admin_packages",
    "admin_rosters": "admin_platforms",
}
"""Blueprint without an entry of its own → the one whose entry is marked on its pages."""


def init_app(app: Flask) -> None:
    """Make the names below known to the templates."""
    names: dict[str, Callable[..., Any]] = {
        "admin_navigation": admin_navigation,
        "asset_origin": asset_origin,
        "cover": cover,
        "direction": direction,
        "icon": icon,
        "initials": initials,
        "language": language,
        "main_navigation": main_navigation,
        "role_label": role_label,
        "tenant_name": tenant_name,
        "unread_count": unread_count,
    }
    app.jinja_env.globals.update(names)
    app.jinja_env.globals["P"] = Permission
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def main_navigation() -> list[Link]:
    """Entries of the bar at the top for the visitor."""
    here = request.blueprint or ""
    links = [
        Link(_("My learning"), url_for("learning.index"), here == "learning"),
        Link(_("Catalogue"), url_for("catalogue.index"), here == "catalogue"),
    ]
    if current_user.may(Permission.CREATE_CONTENT):
        links.append(Link(_("Manage"), url_for("admin.index"), here.startswith("admin")))
    return links


def admin_navigation() -> list[Link]:
    """Entries of the administrator's pages that the visitor may open."""
    here = request.blueprint or ""
    here = PARTS.get(here, here)
    return [
        Link(str(label), url_for(endpoint), here == endpoint.partition(".")[0], symbol)
        for endpoint, label, symbol, permission in ADMIN_PAGES
        if current_user.may(permission)
    ]


def asset_origin() -> str:
    """Where static files are: here, or on the application origin for pages of the other one."""
    config = current_app.config["LECTERN"]
    return config.app_url if is_content_origin(config.content_url) else ""


def language() -> str:
    """BCP 47 tag of the page's language."""
    locale = get_locale()
    return str(locale).replace("_", "-") if locale else "en"


def direction(tag: str = "") -> str:
    """Which way the page's language is written, or that of `tag`: "ltr" or "rtl"."""
    if tag:
        return direction_of(tag.partition("-")[0])
    locale = get_locale()
    return locale.text_direction if locale else "ltr"


def role_label(role: str) -> str:
    """The name of a role for people."""
    return str(ROLE_LABELS[Role(role)])


def tenant_name() -> str:
    """The name of the tenant of this request."""
    tenant = find_current_tenant()
    return tenant.name if tenant else ""


def initials(name: str) -> str:
    """One or two letters for a round badge."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"
