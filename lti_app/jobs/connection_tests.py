"""Trying out a connection: step by step, each with what the platform said (PAIN-04, PAIN-17)."""

from dataclasses import asdict, dataclass
from uuid import UUID

from database.session import transaction
from lti_app.core import ags, rosters
from lti_app.core.ags import Answer
from lti_app.core.platforms.families import get_family, judge
from lti_app.platform_client.exchange import ask_for_token
from lti_app.platform_client.grade_service import read_result_pages
from lti_app.platform_client.line_item_service import read_score_maximum
from lti_app.platform_client.roster_service import first_url, read_page
from lti_app.services.connection_targets import Targets, find_targets
from lti_app.services.platform_jobs import Claim


@dataclass(frozen=True)
class Step:
    """One step of the test; views have its words."""

    key: str
    state: str
    """"ok", "failed", or "skipped" (nothing to try it on)."""
    reason: str = ""
    said: str = ""
    status: int | None = None


def run(tenant: UUID, claimed: Claim) -> dict[str, object]:
    """Token, our key, scopes, line item, results, roster; the report has the steps in order."""
    with transaction(tenant) as session:
        targets = find_targets(session, claimed.registration_id)
    steps = [*_try_token(targets), *_try_grades(targets), _try_roster(targets)]
    return {"steps": [asdict(step) for step in steps]}


def _try_token(targets: Targets) -> list[Step]:
    wanted = sorted({*targets.scopes, rosters.SCOPE} if targets.scopes else {rosters.SCOPE})
    granted, answer = ask_for_token(targets.access, wanted)
    if granted is None:
        failed = _step("token", targets, answer)
        # Who cannot fetch our key set cannot check our signature, and says it in many ways.
        return [failed, Step("key_set", "failed", "token_refused"), Step("scopes", "skipped")]
    missing = sorted(set(targets.scopes) - granted)
    scopes = Step("scopes", "failed", "scope_missing", ", ".join(missing))
    return [
        Step("token", "ok", status=answer.status),
        Step("key_set", "ok"),
        scopes if missing else Step("scopes", "ok", said=", ".join(sorted(granted))),
    ]


def _try_grades(targets: Targets) -> list[Step]:
    family = get_family(targets.family)
    if targets.line_item_url is None:
        return [Step("line_item", "skipped", "line_item_missing"), Step("results", "skipped")]
    url, scopes = targets.line_item_url, targets.scopes
    maximum, answer = read_score_maximum(targets.access, url, scopes, family)
    line_item = _step("line_item", targets, answer)
    if line_item.state == "ok":
        line_item = Step("line_item", "ok", said=f"scoreMaximum {maximum}", status=answer.status)
    if ags.RESULT_SCOPE not in scopes:
        return [line_item, Step("results", "skipped", "scope_result")]
    _results, page = next(read_result_pages(targets.access, url, scopes, family))
    return [line_item, _step("results", targets, page)]


def _try_roster(targets: Targets) -> Step:
    if targets.memberships_url is None:
        return Step("roster", "skipped", "no_roster")
    page = read_page(targets.access, first_url(targets.memberships_url, get_family(targets.family)))
    return _step("roster", targets, page.answer)


def _step(key: str, targets: Targets, answer: Answer) -> Step:
    is_good = answer.status is not None and 200 <= answer.status < 300 and not answer.at_token
    if is_good:
        return Step(key, "ok", status=answer.status)
    _verdict, reason = judge(get_family(targets.family), answer)
    return Step(key, "failed", reason, answer.excerpt[:300], answer.status)
