"""Why is this attempt not complete? The attempt's rows, explained by the core."""

from datetime import datetime

from sqlalchemy.orm import Session

from scorm_runtime.core.correction import read_correction
from scorm_runtime.core.explain import Explanation, Facts, explain_1_2
from scorm_runtime.core.explain_sequenced import explain_2004
from scorm_runtime.core.sequenced_run import SequencedRun
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.results import get_settings, read_standing
from scorm_runtime.services.runs import load_run


def explain_attempt(session: Session, attempt: Attempt, *, now: datetime) -> Explanation:
    """What is missing in the attempt; an empty answer when it is complete and nothing failed."""
    run = load_run(session, attempt, now=now, locks=False)
    facts = Facts(
        contents=run.contents,
        standing=read_standing(attempt),
        settings=get_settings(session, attempt),
        correction=read_correction(attempt.correction),
        is_set_aside=attempt.mode == "review",
        opened=frozenset(name for name, sco in run.scos.items() if sco.state.sessions),
    )
    if isinstance(run, SequencedRun):
        return explain_2004(facts, run.tracking())
    return explain_1_2(facts, {name: sco.state for name, sco in run.scos.items()})
