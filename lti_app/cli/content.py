"""`flask content sync FOLDER`, `flask content export KEY FOLDER`: courses as folders."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
from flask.cli import AppGroup

from content.core.errors import ContentError
from content.core.file_types import FileRefused
from content.services.courses import find_course_by_key
from database.session import transaction
from lti_app.cli.tenants import get_tenant, tenant_option
from lti_app.services import course_folders, folder_files
from lti_app.storage import storage

content = AppGroup("content", help="Native courses.")
_FOLDER = click.Path(exists=True, path_type=Path)


@content.command("sync")
@click.argument("source", type=_FOLDER)
@click.option("--publish/--draft", default=True, help="Publish what has changed.")
@tenant_option
def sync(source: Path, publish: bool, slug: str | None) -> None:
    """Bring in SOURCE: a course's folder or zip, or a folder of such folders."""
    tenant_id = get_tenant(slug)
    for course in find_courses(source):
        click.echo(sync_one(tenant_id, course, publish=publish))


@content.command("import")
@click.argument("source", type=_FOLDER)
@click.option("--publish/--draft", default=False, help="Publish it at once.")
@tenant_option
def import_(source: Path, publish: bool, slug: str | None) -> None:
    """Bring in SOURCE, a course's folder or zip, as a draft."""
    click.echo(sync_one(get_tenant(slug), source, publish=publish))


@content.command("export")
@click.argument("key")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--published", is_flag=True, help="What learners have, instead of the draft.")
@tenant_option
def export(key: str, target: Path, published: bool, slug: str | None) -> None:
    """Write the draft of the course KEY to TARGET: a zip when it ends in .zip, else a folder."""
    with transaction(get_tenant(slug)) as session:
        course = find_course_by_key(session, key)
        if course is None:
            raise click.ClickException(f"There is no course with the key {key!r}.")
        if published and course.current_version is None:
            raise click.ClickException(f"{key} is not published.")
        files = course_folders.export_course(session, storage(), course, published=published)
    if target.suffix == ".zip":
        target.write_bytes(folder_files.write_zip(files))
    else:
        for name, data in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    click.echo(f"{key}: {len(files)} files in {target}")


def find_courses(source: Path) -> list[Path]:
    """The source itself where it is a course, else the courses that lie in it."""
    if source.is_file() or (source / "course.yaml").is_file():
        return [source]
    found = sorted(path.parent for path in source.glob("*/course.yaml"))
    if not found:
        raise click.ClickException(f"{source}: there is no course.yaml.")
    return found


def sync_one(tenant_id: UUID, source: Path, *, publish: bool, by: UUID | None = None) -> str:
    """Bring in one course; says what came of it. Raises click.ClickException."""
    try:
        if source.is_file():
            files = folder_files.read_zip(source.read_bytes())
        else:
            files = folder_files.read_directory(source)
        with transaction(tenant_id) as session:
            done = course_folders.sync_course(
                session,
                storage(),
                tenant_id,
                files,
                by=by,
                now=datetime.now(UTC),
                publish=publish,
            )
            key, quizzes = done.course.key, ", ".join(done.quizzes)
            if quizzes:
                click.echo(f"{key}: quizzes made or changed: {quizzes}")
            if done.version is not None:
                return f"{key}: version {done.version} is published"
            return f"{key}: nothing has changed" if publish else f"{key}: the draft is here"
    except (ContentError, FileRefused) as refused:
        raise click.ClickException(f"{source}: {refused}") from None
