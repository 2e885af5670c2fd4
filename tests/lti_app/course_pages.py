"""A portal with courses in it, and somebody who learns there."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from content.models.enrolment import Enrolment
from content.services import course_files, course_settings, courses
from database.session import transaction
from lti_app import storage
from tests.lti_app.conftest import Portal

NOW = datetime.now(UTC)


def add_course(portal: Portal, made, *, published: bool = True, **settings) -> str:
    """A course; its key."""
    with transaction(portal.tenant) as session:
        course = courses.create_course(
            session, title=made["title"], created_by=None, now=NOW, document=made
        )
        if settings:
            course_settings.change_settings(session, course.id, **settings)
        if published:
            courses.publish(session, course.id, published_by=None, now=NOW)
        return course.key


def add_file(portal: Portal, key: str, name: str, data: bytes) -> UUID:
    with transaction(portal.tenant) as session:
        course = courses.find_course_by_key(session, key)
        stored = course_files.storage_key(portal.tenant, course.id, str(hash(data)))
        storage.storage().put(stored, [data])
        return course_files.add_file(
            session,
            course.id,
            name=name,
            head=data[:4096],
            size=len(data),
            digest=str(hash(data)),
            key=stored,
            created_by=None,
        ).id


def enrolled(portal: Portal, key: str = "house-plants") -> Enrolment:
    with transaction(portal.tenant) as session:
        course = courses.find_course_by_key(session, key)
        return session.scalars(select(Enrolment).where(Enrolment.course_id == course.id)).one()


def go_in(portal: Portal, made, **settings) -> str:
    """Enrol in a course of `made`; the address below which it is learnt."""
    key = add_course(portal, made, **settings)
    answer = portal.post(f"/courses/{key}/enrol")
    assert answer.status_code == 303, answer.text
    return answer.location.removesuffix("/")
