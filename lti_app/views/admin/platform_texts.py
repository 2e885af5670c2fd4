"""Words for longer work with a platform: kinds, steps of a test, and how each fault is mended."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "test": _l("Test of the connection"),
    "results": _l("Comparison with the platform's gradebook"),
    "resend": _l("Sending all grades again"),
    "roster": _l("Reading a roster"),
}
STATES = {
    "waiting": _l("Waits for a worker"),
    "running": _l("Running"),
    "done": _l("Done"),
    "failed": _l("Failed"),
}
STEPS = {
    "token": _l("The platform gives us an access token"),
    "key_set": _l("The platform can read our key set"),
    "scopes": _l("The scopes that launches promised are granted"),
    "line_item": _l("A line item can be read"),
    "results": _l("Results can be read"),
    "roster": _l("A roster can be read"),
}
REMEDIES = {
    "token_refused": _l(
        "Check the access token address, the client id, and the audience of our token requests. "
        "Then make sure that the platform can reach our key set from where it runs."
    ),
    "token_odd": _l("Check the access token address: what answers there is no token endpoint."),
    "unreachable": _l("Check the address, its certificate, and that this server may reach it."),
    "no_answer": _l("The platform is slow or down. Try again; grades wait until it answers."),
    "server_error": _l("The platform has a fault of its own. Grades wait and are sent again."),
    "rate_limited": _l("Nothing to mend: we wait as long as the platform asks."),
    "scope_missing": _l(
        "In the platform's settings of this tool, allow the services for grades (AGS) and names "
        "and roles (NRPS), then open an activity once."
    ),
    "scope_result": _l("In the platform's settings of this tool, allow reading results."),
    "forbidden": _l("The tool may not use this column. Check the tool's rights at the platform."),
    "line_item_gone": _l(
        "Open the activity once from its course: the launch names the new column."
    ),
    "line_item_missing": _l("Open a graded activity once from a course, then test again."),
    "unauthorized": _l("The token is not accepted: check which services the tool may use there."),
    "not_gradable": _l("Check the tool's rights for grades at the platform."),
    "no_roster": _l("Allow names and roles (NRPS) for the tool, then open an activity once."),
    "roster_refused": _l("Allow names and roles (NRPS) for the tool at the platform."),
    "answer_odd": _l("What answers there is not the service that the launch named."),
    "host_foreign": _l(
        "Register the platform with the addresses it really has, or ask its administrator why a "
        "launch names another host."
    ),
}
"""Reason codes of lti_app.core.ags to what an administrator can do."""
COUNTS = {
    "links": _l("Activities compared"),
    "same": _l("The same grade"),
    "conflict": _l("Another grade there: settle it"),
    "missing": _l("No grade there any more"),
    "overwritten": _l("Ours sent above theirs"),
    "rescaled": _l("Sent again on a new maximum"),
    "scheduled": _l("Grades on their way"),
    "grades": _l("Grades looked at"),
    "members": _l("People read"),
    "pages": _l("Pages"),
    "gone": _l("Have left the course"),
}
"""Figures of a report, in the order of the page."""
GRADE_STATES = {
    "sent": _l("Sent"),
    "waiting": _l("Waiting"),
    "refused": _l("Refused"),
    "conflict": _l("Conflict"),
    "kept": _l("Theirs kept"),
}
