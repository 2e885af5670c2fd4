"""What was answered to the interactions of a package, counted over its attempts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import Session

from scorm_runtime.core.storable import from_storable
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.attempt_report import AttemptInteraction as Answer
from scorm_runtime.services.reports import ReportFilter

MOST_INTERACTIONS = 100
"""On one page; the next page goes on after them."""
MOST_RESPONSES = 8
"""Different answers that are told of each; the rest is summed up."""
CORRECT = ("correct",)
WRONG = ("wrong", "incorrect", "unanticipated")


@dataclass(frozen=True)
class Response:
    """One answer that was given, and how often."""

    text: str
    result: str
    count: int


@dataclass(frozen=True)
class InteractionReport:
    """One question; every recorded answer counts, so also several of one attempt."""

    item: str
    name: str
    kind: str
    text: str
    pattern: str
    answers: int
    correct: int
    wrong: int
    mean_seconds: float | None
    responses: tuple[Response, ...] = field(default=())

    @property
    def rate(self) -> float | None:
        """Share of correct ones among those judged right or wrong; None when none is."""
        judged = self.correct + self.wrong
        return self.correct / judged if judged else None

    @property
    def others(self) -> int:
        """Answers beside those told in `responses`."""
        return self.answers - sum(response.count for response in self.responses)


def list_interactions(
    session: Session, wanted: ReportFilter, *, offset: int = 0
) -> list[InteractionReport]:
    """Interactions in the order of items and positions, from `offset` on, one more than a page
    where there are more."""
    rows = session.execute(
        select(
            Answer.item,
            Answer.name,
            func.max(Answer.kind),
            func.max(Answer.text),
            func.max(Answer.pattern),
            func.count(),
            _count_where(Answer.result.in_(CORRECT)),
            _count_where(Answer.result.in_(WRONG)),
            func.avg(Answer.latency_seconds),
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(*wanted.conditions)
        .group_by(Answer.item, Answer.name)
        .order_by(Answer.item, func.min(Answer.position), Answer.name)
        .limit(MOST_INTERACTIONS + 1)
        .offset(offset)
    ).all()
    responses = _responses(session, wanted, [(row[0], row[1]) for row in rows])
    return [_report(tuple(row), responses.get((row[0], row[1]), [])) for row in rows]


def _report(row: Sequence[Any], responses: list[Response]) -> InteractionReport:
    item, *texts, answers, correct, wrong, seconds = row
    name, kind, text, pattern = (str(from_storable(one)) for one in texts)
    return InteractionReport(
        item, name, kind, text, pattern, answers, correct, wrong, seconds, tuple(responses)
    )


def _responses(
    session: Session, wanted: ReportFilter, keys: list[tuple[str, str]]
) -> dict[tuple[str, str], list[Response]]:
    """The most frequent answers of each."""
    place = func.row_number().over(
        partition_by=(Answer.item, Answer.name), order_by=(func.count().desc(), Answer.response)
    )
    counted = (
        select(
            Answer.item,
            Answer.name,
            Answer.response,
            func.max(Answer.result).label("result"),
            func.count().label("times"),
            place.label("place"),
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(*wanted.conditions, tuple_(Answer.item, Answer.name).in_(keys))
        .group_by(Answer.item, Answer.name, Answer.response)
        .subquery()
    )
    found: dict[tuple[str, str], list[Response]] = {}
    top = select(counted).where(counted.c.place <= MOST_RESPONSES).order_by(counted.c.place)
    for row in session.execute(top) if keys else ():
        response = Response(from_storable(row.response), from_storable(row.result), row.times)
        found.setdefault((row.item, row.name), []).append(response)
    return found


def _count_where(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count(case((condition, 1)))
