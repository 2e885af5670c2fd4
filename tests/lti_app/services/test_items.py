"""What links open: finding, searching, versions."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.item import After, kind_of, read_version
from lti_app.services import items
from lti_app.services.users import create_user
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services.attempts import start_again
from tests.lti_app.lti_fixtures import add_package

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def add_version(session: Session, package_id: UUID, number: int, *, published: bool = True) -> UUID:
    """A further version, not the current one."""
    version = PackageVersion(
        package_id=package_id,
        number=number,
        standard="scorm_2004",
        schema_version="2004 4th Edition",
        manifest={},
        report=[],
        storage_prefix=f"packages/{package_id}/{number}/",
        entry="index.html",
        file_count=1,
        byte_count=1,
        sha256=str(number) * 64,
        zip_key="x",
        file_name="x.zip",
        published_at=NOW if published else None,
    )
    session.add(version)
    session.flush()
    return version.id


@pytest.fixture
def learner_id(tenant: UUID) -> UUID:
    with transaction(tenant) as session:
        return create_user(
            session, email="stan@x.test", password=None, given_name="Stan", family_name="Student"
        ).id


def test_a_key_without_a_colon_is_a_package():
    assert [kind_of(key) for key in ("fire-safety", "course:fire", "quiz:")] == [
        "package",
        "course",
        "quiz",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("2", 2), (" 12 ", 12), ("", None), ("$Version", None), ("0", None), ("-1", None)),
        *(("1.5", None), ("²", None), ("9999999", None)),
    ],
)
def test_a_version_is_a_positive_number_and_everything_else_is_none(text, number):
    assert read_version(text) == number


def test_an_unknown_kind_an_unknown_key_and_an_archived_package_are_not_found(session, tenant):
    package_id = add_package(tenant)
    assert items.find_item(session, " demo ").id == package_id
    assert items.find_item(session, "nothing") is None
    assert items.find_item(session, "poem:demo") is None
    session.get_one(Package, package_id).archived_at = NOW
    session.flush()
    assert items.find_item(session, "demo") is None


def test_a_link_may_name_a_published_version_and_otherwise_gets_the_current_one(session, tenant):
    package_id = add_package(tenant)
    second = add_version(session, package_id, 2)
    add_version(session, package_id, 3, published=False)

    assert items.find_item(session, "demo").version_number == 1
    named = items.find_item(session, "demo", 2)
    assert (named.version_id, named.is_pinned) == (second, True)
    draft, missing = items.find_item(session, "demo", 3), items.find_item(session, "demo", 9)
    assert draft == missing == items.find_item(session, "demo")
    assert [one.number for one in items.list_versions(session, named)] == [2, 1]


def test_the_named_version_plays_and_plays_again(session, tenant, learner_id):
    """PAIN-25: publishing a newer version changes nothing for a link that names one."""
    package_id = add_package(tenant)
    second = add_version(session, package_id, 2)
    session.get_one(Package, package_id).running_attempts = "new_attempt"

    def open_it(version: int | None) -> Attempt:
        item = items.find_item(session, "demo", version)
        opened = items.open_item(session, item, user_id=learner_id, context_key="portal", now=NOW)
        return session.get_one(Attempt, opened.attempt_id)

    first = open_it(2)
    assert first.package_version_id == second
    assert open_it(2).id == first.id
    first.completion = "completed"
    session.flush()
    again = start_again(session, first, now=NOW)
    assert (again.number, again.package_version_id) == (2, second)
    assert open_it(None).package_version_id != second


def test_search_looks_for_every_word_and_shows_only_what_plays(session, tenant):
    for key in ("fire-safety", "fire-drill", "first-aid"):
        add_package(tenant, key)
    add_package(tenant, "fire-old", playable=False)

    def found(text: str) -> list[str]:
        return [item.key for item in items.search_items(session, text)]

    assert found("fire") == ["fire-drill", "fire-safety"]
    assert found("Package FIRE safe") == ["fire-safety"]
    assert found("100%") == []
    assert len(found("")) == 3
    assert items.search_items(session, kinds=["package", "nonsense"])


def test_pages_of_a_search_follow_each_other_without_gap_or_repeat(session, tenant):
    for number in range(7):
        add_package(tenant, f"p{number}")
    for row in session.scalars(select(Package)):  # the same title: the id decides
        row.title = "Ärger" if row.key in ("p1", "p2", "p3") else row.key.upper()
    session.flush()
    seen, after = [], None
    while page := items.search_items(session, limit=2, after=after):
        seen += [item.key for item in page]
        after = After(page[-1].sort_key, page[-1].id)
    assert seen == ["p0", "p4", "p5", "p6", "p1", "p2", "p3"]


def test_a_page_of_a_big_catalogue_is_read_from_the_index(session, tenant):
    """10,000 packages: the picker reads one page, not the catalogue."""
    session.execute(
        text(
            "INSERT INTO package (id, key, title, description, settings) SELECT gen_random_uuid(),"
            " 'k' || n, 'Title ' || n, '', '{}' FROM generate_series(1, 3000) n"
        )
    )
    session.execute(text("ANALYZE package"))
    plan = session.scalars(
        text(
            "EXPLAIN SELECT id FROM package WHERE archived_at IS NULL"
            " AND (lower(title) COLLATE \"C\", id) > ('title 2', gen_random_uuid())"
            ' ORDER BY lower(title) COLLATE "C", id LIMIT 25'
        )
    )
    assert "ix_package_by_title" in "\n".join(plan)
