"""Every door has a guard."""

from lti_app.security.origins import CONTENT_BLUEPRINTS, SHARED_ENDPOINTS

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


def test_the_content_origin_serves_the_player_and_nothing_else(app, client):
    """A package's JavaScript shares its origin with no page of ours. DESIGN decision 4"""
    content_url = app.config["LECTERN"].content_url
    paths = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and not rule.arguments
        and rule.endpoint.split(".")[0] not in CONTENT_BLUEPRINTS
        and rule.endpoint not in SHARED_ENDPOINTS
    }
    assert {"/", "/sign-in", "/admin/"} <= paths
    found = {path: client.get(path, base_url=content_url).status_code for path in paths}
    assert {path: status for path, status in found.items() if status != 404} == {}
    assert set(SELF_GUARDED) >= CONTENT_BLUEPRINTS
