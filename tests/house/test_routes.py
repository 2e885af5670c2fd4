"""Every door has a guard."""

from lti_app.security.origins import CONTENT_BLUEPRINTS

SELF_GUARDED = {
    "player": "each address carries a signed token of one attempt",
    "xapi": "each request carries a credential of one store",
    "bootstrap": "static files of a package",
}
"""Blueprints of the runtimes: they know no portal accounts and guard themselves."""


def test_every_route_of_the_host_says_who_may_open_it(app):
    unguarded = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        own = rule.endpoint.split(".")[0] in SELF_GUARDED or rule.endpoint.endswith("static")
        if not own and not getattr(view, "__guard__", None):
            unguarded.append(f"{rule.rule} ({rule.endpoint})")
    assert unguarded == []


def test_the_content_origin_serves_the_player_and_nothing_else(app):
    served = {rule.endpoint.split(".")[0] for rule in app.url_map.iter_rules()}
    assert served >= CONTENT_BLUEPRINTS
    assert set(SELF_GUARDED) >= CONTENT_BLUEPRINTS
