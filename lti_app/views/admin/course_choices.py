"""What a unit may play: packages and quizzes found by title, the chosen one always among them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from content.services import quizzes
from lti_app.core.item import Item
from lti_app.services import items
from scorm_runtime.services import packages
from scorm_runtime.services.errors import PackageError

MOST = 12


@dataclass(frozen=True)
class Choice:
    """One radio button."""

    id: UUID
    title: str
    note: str = ""


def list_choices(session: Session, kind: str, search: str, picked: object) -> list[Choice]:
    """The chosen one, then what fits `search`, at most MOST of them."""
    known = items.KINDS.get(kind)
    found = known.search(session, search[:200], limit=MOST, after=None) if known else []
    listed = [_choice_of(one) for one in found]
    chosen = find_choice(session, kind, picked)
    return ([chosen] if chosen else []) + [
        one for one in listed if chosen is None or one.id != chosen.id
    ]


def find_choice(session: Session, kind: str, picked: object) -> Choice | None:
    """The package or quiz with the id, also where it is not to be found any more by search."""
    try:
        wanted = UUID(str(picked))
    except ValueError:
        return None
    finder = _FINDERS.get(kind)
    return finder(session, wanted) if finder else None


def _find_package(session: Session, package_id: UUID) -> Choice | None:
    try:
        package = packages.get_package(session, package_id)
    except PackageError:
        return None
    return Choice(package.id, package.title, package.description[:160])


def _find_quiz(session: Session, quiz_id: UUID) -> Choice | None:
    quiz = quizzes.find_quiz(session, quiz_id)
    return Choice(quiz.id, quiz.title, quiz.description[:160]) if quiz else None


_FINDERS: dict[str, Callable[[Session, UUID], Choice | None]] = {
    "package": _find_package,
    "quiz": _find_quiz,
}


def _choice_of(item: Item) -> Choice:
    return Choice(item.id, item.title, item.description[:160])
