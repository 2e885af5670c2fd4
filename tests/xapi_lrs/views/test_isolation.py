"""Nothing of one store or tenant is ever visible in another, whatever is asked and by whom."""

import pytest

from database.session import transaction
from tests.xapi_lrs.conftest import MakeLrs
from tests.xapi_lrs.isolation import OPERATIONS, Place, World
from xapi_lrs.services.rejections import list_rejections
from xapi_lrs.services.stores import find_store

STEPS = 250
WORKED = {
    "store_statement": 200,
    "store_attachment": 200,
    "borrow_attachment": 200,
    "void": 200,
    "query": 200,
    "get_one": 200,
    "use_document": 204,
    "ask_for_descriptions": 200,
    "knock_elsewhere": 403,
    "use_token_elsewhere": 403,
    "provoke_a_refusal": 400,
    "follow_more": 200,
}
"""What at least one answer of each operation was, or the test has looked at nothing."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_of_one_store_is_ever_visible_in_another(make_lrs: MakeLrs, seed: int):
    world = World(seed, make_lrs)
    for _ in range(STEPS):
        world.step()
    assert {name for name in WORKED if not world.done[name, WORKED[name]]} == set()
    assert set(WORKED) == {operation.__name__ for operation in OPERATIONS}
    for place in world.places:
        _check_whole_store(world, place)


def _check_whole_store(world: World, place: Place) -> None:
    """All pages of everything: exactly what was sent here; and what was refused here."""
    found: set[str] = set()
    answer = world.check(place, place.doors[0].get(limit=10))
    while True:
        found |= {one["id"] for one in answer.json["statements"]}
        if not answer.json["more"]:
            break
        answer = world.check(place, place.doors[0]("GET", answer.json["more"]))
    assert found == place.sent - place.voided
    with transaction(place.tenant) as session:
        store = find_store(session, place.slug)
        rows = list_rejections(session, store, limit=1000)
        shown = " ".join(str(vars(row)) for row in rows)
    for other in world.places:
        assert other is place or other.mark not in shown
