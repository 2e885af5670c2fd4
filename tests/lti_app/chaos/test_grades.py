"""Nothing is lost when worker, queue, database connection or platform die. PAIN-04, decision 3"""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from database.session import transaction
from lti_app.models.registration import Registration
from tests.lti_app.chaos.storm import run_storm
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Browser


@pytest.mark.parametrize(("seed", "product"), [(20261122, "moodle"), (20261123, "canvas")])
def test_each_last_grade_is_there_once_whatever_dies_on_the_way(
    app: Flask, browser: Browser, tmp_path: Path, seed: int, product: str
):
    """LTI-AGS-9, LTI-SP-3, LTI-SP-4, LTI-SP-7, CANVAS-36: no row stuck, no repeated record"""
    learners = [Learner(browser, sub=f"u{number}", email=None) for number in range(4)]
    with transaction(browser.tenant) as session:
        session.execute(update(Registration).values(platform=product))
    report = run_storm(app, learners, tmp_path, seed=seed, grades=2)
    assert report.wrong == [], report.line()
    assert report.happened
