"""The Person that GET agents answers (xAPI 1.0.3 Communication 2.4; 2.0 4.1.6.3). XP-24"""

from collections.abc import Iterable

from xapi_lrs.core.actor import IDENTIFIERS
from xapi_lrs.core.problems import JsonObject


def build_person(agent: JsonObject, names: Iterable[str] = ()) -> JsonObject:
    """Everything known of a valid `agent`: each property is an array.

    names: what others called him, best first; his own comes before. Identifiers are never joined:
    that two of them belong to one person is more than a store can know.
    """
    own = [agent["name"]] if agent.get("name") else []
    called = list(dict.fromkeys([*own, *names]))
    person: JsonObject = {"objectType": "Person"}
    if called:
        person["name"] = called
    return person | {key: [agent[key]] for key in IDENTIFIERS if key in agent}
