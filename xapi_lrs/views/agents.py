"""/xapi/<store>/agents: a Person (xAPI 1.0.3 Communication 2.4; 2.0 4.1.6.3). XP-24"""

from flask import Response

from xapi_lrs.core.parameters import read_agent, read_values
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.services.agents import find_person
from xapi_lrs.views.documents import tagged
from xapi_lrs.views.door import identify_caller, visit
from xapi_lrs.views.params import parameter_pairs


def get_agent(slug: str) -> Response:
    caller = identify_caller()
    agent = read_values(parameter_pairs(), {"agent": read_agent}, ["agent"])["agent"]
    with visit(caller, slug) as guest:
        guest.check_agent_profile(agent)
        person = find_person(guest.session, guest.store, agent)
    return tagged(dump_json(person).encode(), "application/json", None)
