"""Nothing is lost when worker, queue, database connection or platform die. PAIN-04, decision 3"""

import secrets
from dataclasses import fields, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from database.session import transaction
from lti_app.app import create_app
from lti_app.config import Config
from lti_app.models.registration import Registration
from tests.lti_app.chaos.machines import Valkey, Workers
from tests.lti_app.chaos.storm import Storm
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Browser


@pytest.mark.parametrize(("seed", "product"), [(20261122, "moodle"), (20261123, "canvas")])
def test_each_last_grade_is_there_once_whatever_dies_on_the_way(
    app: Flask, config: Config, browser: Browser, tmp_path: Path, seed: int, product: str
):
    """LTI-AGS-9, LTI-SP-3, LTI-SP-4, LTI-SP-7, CANVAS-36: no row stuck, no repeated record."""
    learners = [Learner(browser, sub=f"u{number}", email=None) for number in range(4)]
    with transaction(browser.tenant) as session:
        session.execute(update(Registration).values(platform=product))
    name = f"storm-{secrets.token_hex(4)}"
    valkey = Valkey(tmp_path / "queue")
    known = replace(config, redis_url=valkey.url)
    environment = {one.name.upper(): str(getattr(known, one.name)) for one in fields(known)}
    workers = Workers(2, environment, name, tmp_path / "workers.log")
    try:
        with create_app(known).app_context():
            storm = Storm(seed, learners, browser.platform, valkey, workers, name)
            report = storm.run(grades=2)
    finally:
        workers.end()
        valkey.end()
    print(report.line())
    assert report.wrong == [], report.line() + (tmp_path / "workers.log").read_text()[-3000:]
    assert report.happened
