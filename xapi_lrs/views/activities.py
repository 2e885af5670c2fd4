"""/xapi/<store>/activities: what the store knows of an activity (xAPI 1.0.3 Communication 2.5; 2.0
4.1.6.4). XP-09, XP-25"""

from flask import Response

from xapi_lrs.core.parameters import read_iri, read_values
from xapi_lrs.core.strict_json import dump_json
from xapi_lrs.services.activities import find_definition
from xapi_lrs.views.documents import tagged
from xapi_lrs.views.door import identify_caller, visit
from xapi_lrs.views.params import parameter_pairs


def get_activity(slug: str) -> Response:
    """Also of an activity that nobody has described: then its id is all there is."""
    caller = identify_caller()
    iri = read_values(parameter_pairs(), {"activityId": read_iri}, ["activityId"])["activityId"]
    with visit(caller, slug) as guest:
        guest.check_activity_profile(iri)
        definition = find_definition(guest.session, guest.store, iri)
    activity = {"objectType": "Activity", "id": iri}
    if definition:
        activity["definition"] = definition
    return tagged(dump_json(activity).encode(), "application/json", None)
