"""Blackboard Learn (Anthology): BB-1 to BB-14."""

from lti_app.core.ags import Answer, Verdict
from lti_app.core.platforms.family import Family


def _read_answer(answer: Answer) -> tuple[Verdict, str] | None:
    # Quotas are per application; some gateways say so with 403 (BB-14).
    said = answer.excerpt.lower()
    if answer.status == 403 and ("rate limit" in said or "quota" in said):
        return Verdict.RETRY, "rate_limited"
    return None


BLACKBOARD = Family(
    code="blackboard",
    label="Blackboard",
    statuses={
        # The tool sees only line items that it made (BB-9): another one is as good as gone.
        403: (Verdict.REFUSED, "forbidden"),
        404: (Verdict.REFUSED, "line_item_gone"),
    },
    read_answer=_read_answer,
    may_lack_link=True,  # BB-11
    sends_type_with_reads=True,  # BB-8
    lanes=2,
    hosts=("*.blackboard.com", "*.anthology.com"),
    is_cloud=True,
    asks_for_storage=True,  # BB-5
)
