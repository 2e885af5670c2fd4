"""ADL's LMS test cases in a real browser, through the player page contract (SD-03).

The cases lie beside the checkout (../shared/cts); without them there is nothing to play here. A
handful is played in every run, all of them with LECTERN_CTS_BROWSER='*' (or a list of names), the
whole suite headless in `tests/scorm_runtime/cts/`.
"""

import fnmatch
import os
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete

from database.session import transaction
from scorm_runtime.models.attempt import Attempt, LearnerGlobal
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.services.attempts import open_attempt
from tests.scorm_runtime.browser.conftest import Server, browser, profile, server  # noqa: F401  (fixtures)
from tests.scorm_runtime.playing import NOW, make_token, make_user
from tests.scorm_runtime.services.importing import Workshop

SUITE = Path(__file__).parents[4] / "shared" / "cts"
HANDFUL = "CM-02a,CM-09bb,SX-04b,OB-03b"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not SUITE.exists(), reason="ADL's cases are not beside this checkout"),
]
if SUITE.exists():
    sys.path.insert(0, str(SUITE / "harness"))


def _names() -> list[str]:
    if not SUITE.exists():
        return []
    wanted = os.environ.get("LECTERN_CTS_BROWSER", HANDFUL).split(",")
    known = sorted(path.stem for path in (SUITE / "cases").glob("*.properties"))
    return [name for name in known if any(fnmatch.fnmatch(name, one) for one in wanted)]


class Library:
    """Imports ADL's packages for one learner."""

    def __init__(self, origin: Server, tenant: UUID, folder: Path) -> None:
        self.server, self.tenant = origin, tenant
        self.workshop = Workshop(tenant, folder)
        self.workshop.storage = origin.storage
        self.user = make_user(tenant)

    def bring_in(self, data: bytes) -> Callable[[], str]:
        """Import; answers what tells the player's address of the attempt."""
        job = self.workshop.bring_in(data)
        assert job.package_version is not None, job.error_message
        package = job.package_version.package_id
        with transaction(self.tenant) as session:
            row = session.get_one(PackageVersion, job.package_version.id)
            row.playable = True
            session.execute(delete(Attempt).where(Attempt.package_id == package))

        def address() -> str:
            with transaction(self.tenant) as session:
                attempt = open_attempt(
                    session,
                    package_id=package,
                    user_id=self.user,
                    context_key="portal",
                    now=NOW,
                ).id
            return f"{self.server.url}/p/{make_token(self.tenant, attempt)}/"

        return address

    def forget(self) -> None:
        with transaction(self.tenant) as session:
            session.execute(delete(LearnerGlobal).where(LearnerGlobal.user_id == self.user))


@pytest.mark.parametrize("name", _names())
def test_a_case_of_adl_passes_in_a_browser(name, server, tenant, browser, tmp_path):  # noqa: F811
    """SD-03, and the ST- rules of the case."""
    from ctsharness.cases import Bundles, Parser, load_all
    from ctsharness.engine import HeadlessSession

    from tests.scorm_runtime.cts_browser.engine import BrowserEngine

    library = Library(server, tenant, tmp_path / "imports")
    page = browser.context.new_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    engine = BrowserEngine(
        page, str(library.user), "Sample, Sara", library.bring_in, library.forget
    )
    parser = Parser(Bundles(), engine.learner_id, engine.learner_name)
    session = HeadlessSession(engine, str(SUITE / "manifests"), parser)
    outcome, _run = session.play(load_all()[name])
    assert outcome.verdict == "pass", (outcome.first, outcome.failures[:5], outcome.notes)
