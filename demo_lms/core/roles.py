"""The roles claim (LTI Core 1.3, 5.3.7 and appendix A.2) and its short form in rosters."""

from __future__ import annotations

from demo_lms.core.course import MEMBERSHIP, Person

INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"


def launch_roles(person: Person, *, institution: bool) -> list[str]:
    """URIs, those of the course first."""
    roles = [MEMBERSHIP + person.role]
    if institution:
        everywhere = "Instructor" if person.is_teacher else "Student"
        roles += [INSTITUTION + everywhere, SYSTEM + "User"]
    return roles


def member_roles(person: Person, *, short: bool) -> list[str]:
    return [person.role if short else MEMBERSHIP + person.role]


def has_role(person: Person, asked: str) -> bool:
    """Does the person have the role that the query names, in either form?"""
    return asked in (person.role, MEMBERSHIP + person.role)
