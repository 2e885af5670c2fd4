"""Attempts that show something on every page about them: a course of several parts, half done."""

from uuid import UUID

from database.session import transaction
from lti_app.services import outcomes
from scorm_runtime.core.correction import Correction
from scorm_runtime.models.package import Package
from scorm_runtime.services.attempts import open_attempt
from scorm_runtime.services.corrections import By, correct_attempt
from tests.scorm_runtime.courses import make_course
from tests.scorm_runtime.playing import NOW
from tests.scorm_runtime.window import Window

PARTS = ("A1", "A2", "A3")
QUESTIONS = (("Where is the nearest extinguisher?", "hall"), ("Whom do you call first?", "112"))
PASS_MARK = (
    '<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="P" '
    'satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure>'
    "</imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
)


def furnish_attempts(tenant: UUID, *, teacher: UUID, learners: list[UUID]) -> dict[str, str]:
    """Addresses of the pages, by what they are about."""
    package = make_course(tenant, {"A1": "", "A2": PASS_MARK, "A3": ""})
    with transaction(tenant) as session:
        row = session.get_one(Package, package)
        row.title, row.key, row.is_published = "Fire safety in three parts", "fire", True
    attempts = [_play(tenant, package, learner, at) for at, learner in enumerate(learners)]
    with transaction(tenant) as session:
        by = By(teacher, "The alarm went off during the test; the answers were given aloud.", NOW)
        outcome = correct_attempt(session, attempts[1], Correction(score=0.9), by)
        outcomes.record_outcome(session, outcome, now=NOW, app_url="http://localhost")
    begun, corrected = (f"/admin/attempts/{attempt}" for attempt in attempts[:2])
    return {
        "attempt": begun,
        "corrected attempt": corrected,
        "call log": f"{begun}/log",
        "errors of a call log": f"{begun}/log?errors=yes",
        "replay": f"{begun}/replay",
        "report": f"/admin/packages/{package}/report/",
        "answers": f"/admin/packages/{package}/report/answers",
    }


def _play(tenant: UUID, package: UUID, learner: UUID, at: int) -> UUID:
    """The first part completed, questions answered in the second, the third not opened."""
    with transaction(tenant) as session:
        attempt = open_attempt(
            session, package_id=package, user_id=learner, context_key="portal", now=NOW
        ).id
    window = Window(tenant, attempt).call("initialize")
    window.set("cmi.completion_status", "completed").set("cmi.session_time", "PT4M30S")
    window.call("finish").call("navigate", "continue", "").send()
    window.call("initialize").set("cmi.suspend_data", "bookmark=7;" * 60)
    for n, (question, answer) in enumerate(QUESTIONS):
        said = answer if (at + n) % 2 else "nobody"
        window.set(f"cmi.interactions.{n}.id", f"question-{n}")
        window.set(f"cmi.interactions.{n}.type", "fill-in")
        window.set(f"cmi.interactions.{n}.description", question)
        window.set(f"cmi.interactions.{n}.learner_response", said)
        window.set(f"cmi.interactions.{n}.result", "correct" if said == answer else "incorrect")
    window.set("cmi.score.scaled", str(0.5 + 0.1 * at)).set("cmi.score.scaled", "many")
    outcome = window.call("navigate", "exitAll", "").send().outcome
    with transaction(tenant) as session:
        outcomes.record_outcome(session, outcome, now=NOW, app_url="http://localhost")
    return attempt
