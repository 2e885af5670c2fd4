"""Finding courses: PostgreSQL's full text search, in the language of each course and as written."""

from sqlalchemy import ColumnElement, cast, func, literal, or_, update
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.orm import Session

from content.core.course import Course as CourseDocument
from content.models.course import Course

CONFIGURATIONS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "nb": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""Language to PostgreSQL's text search configuration; "simple" for all others."""


def find_configuration(language: str) -> str:
    """The configuration for a BCP 47 tag."""
    return CONFIGURATIONS.get(language.partition("-")[0].lower(), "simple")


def index_course(session: Session, course: Course, read: CourseDocument) -> None:
    """Write the words by which the course is found, the weightiest first."""
    titles = " ".join([*(one.title for one in read.modules), *(one.title for one in read.units())])
    parts = (
        (read.title, "A"),
        (" ".join(read.tags), "B"),
        (read.summary, "B"),
        (f"{titles} {read.description}"[:100_000], "C"),
    )
    vector: ColumnElement[str] | None = None
    for configuration in dict.fromkeys((find_configuration(read.language), "simple")):
        for words, weight in parts:
            made = func.setweight(func.to_tsvector(_config(configuration), words), weight)
            vector = made if vector is None else vector.op("||")(made)
    session.execute(update(Course).where(Course.id == course.id).values(search=vector))


def matches(search: str, language: str) -> ColumnElement[bool]:
    """Whether a course is about `search`, said in `language` or in the course's own words; the
    beginning of a title is enough."""
    return or_(*(Course.search.op("@@")(one) for one in _queries(search, language)))


def rank(search: str, language: str) -> ColumnElement[float]:
    """How well it fits; the higher the better."""
    return func.greatest(*(func.ts_rank(Course.search, one) for one in _queries(search, language)))


def _queries(search: str, language: str) -> list[ColumnElement[str]]:
    configurations = dict.fromkeys((find_configuration(language), "english", "simple"))
    found: list[ColumnElement[str]] = [
        func.websearch_to_tsquery(_config(one), search) for one in configurations
    ]
    # The last word may be half typed. Only letters and digits reach to_tsquery's grammar.
    words = ["".join(c for c in word if c.isalnum()) for word in search.split()]
    words = [word for word in words if word]
    if words:
        found.append(func.to_tsquery(_config("simple"), " & ".join(words) + ":*"))
    return found


def _config(name: str) -> ColumnElement[str]:
    return cast(literal(name), REGCONFIG)
