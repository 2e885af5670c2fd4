"""Group commit: together when there is company, never waiting for it, never suffering from it."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from xapi_lrs.services.gathering import Gatherer

PATIENCE = 20


class UnknownOutcome(Exception):
    """The database went away during a commit."""


class Desk:
    """Doubles numbers; the first one holds the door until `open_door`."""

    def __init__(self, most: int = 32) -> None:
        self.gatherer: Gatherer[int, int] = Gatherer(
            most, lambda error: isinstance(error, UnknownOutcome)
        )
        self.groups: list[list[int]] = []
        self.alone: list[int] = []
        self.inside, self.door = threading.Event(), threading.Event()
        self.fails_with: Exception | None = None

    def ask(self, number: int, kind: str = "a") -> int:
        return self.gatherer.run(kind, number, self._together, lambda: self._alone(number))

    def _together(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        if self.fails_with:
            raise self.fails_with
        return [2 * one for one in numbers]

    def _alone(self, number: int) -> int:
        self.alone.append(number)
        if number == 0:
            self.inside.set()
            assert self.door.wait(PATIENCE)
        if number < 0:
            raise ValueError(f"{number} is poisoned")
        return 2 * number

    def waiting(self, kind: str = "a") -> int:
        return len(self.gatherer._waiting.get(kind, ()))


def gather(desk: Desk, numbers: Sequence[int]) -> list[Callable[[], int]]:
    """0 is at work; `numbers` come meanwhile, in this order; then the door opens."""
    with ThreadPoolExecutor(len(numbers) + 1) as pool:
        first = pool.submit(desk.ask, 0)
        assert desk.inside.wait(PATIENCE)
        others = []
        for count, number in enumerate(numbers, 1):
            others.append(pool.submit(desk.ask, number))
            while desk.waiting() < count:
                time.sleep(0.001)
        desk.door.set()
        return [one.result for one in (first, *others)]


def test_a_lone_one_works_at_once_and_leaves_nothing_behind():
    desk = Desk()
    assert [desk.ask(1), desk.ask(2)] == [2, 4]
    assert (desk.groups, desk.alone, desk.gatherer._waiting) == ([], [1, 2], {})


def test_who_comes_meanwhile_goes_together_each_with_an_answer_of_its_own():
    desk = Desk()
    assert [one() for one in gather(desk, [1, 2, 3])] == [0, 2, 4, 6]
    assert (desk.groups, desk.alone) == ([[1, 2, 3]], [0])


def test_a_group_has_a_largest_size_and_the_rest_goes_next():
    desk = Desk(most=2)
    assert [one() for one in gather(desk, [1, 2, 3, 4, 5])] == [0, 2, 4, 6, 8, 10]
    assert (desk.groups, desk.alone) == ([[1, 2], [3, 4]], [0, 5])


def test_other_kinds_do_not_wait():
    desk = Desk()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(desk.ask, 0)
        assert desk.inside.wait(PATIENCE)
        assert desk.ask(7, "b") == 14
        desk.door.set()
        assert first.result() == 0


def test_a_poisoned_one_fails_alone():
    desk = Desk()
    desk.fails_with = ValueError("one of them")
    answers = gather(desk, [1, -2, 3])
    assert [answers[place]() for place in (0, 1, 3)] == [0, 2, 6]
    with pytest.raises(ValueError, match="-2 is poisoned"):
        answers[2]()
    assert desk.gatherer._waiting == {}


def test_what_may_have_been_stored_is_not_done_again():
    desk = Desk()
    desk.fails_with = UnknownOutcome()
    for one in gather(desk, [1, 2])[1:]:
        with pytest.raises(UnknownOutcome):
            one()
    assert desk.alone == [0]


def test_when_the_leader_is_killed_the_others_work_alone():
    desk = Desk()
    desk.fails_with = SystemExit()  # type: ignore[assignment]  # gunicorn aborts a thread
    answers = gather(desk, [1, 2, 3])
    with pytest.raises(SystemExit):
        answers[1]()
    assert [answers[2](), answers[3]()] == [4, 6]
