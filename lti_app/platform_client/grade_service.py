"""Scores and results at a platform (AGS 2.0)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lti_app.core import ags
from lti_app.core.ags import Answer
from lti_app.core.paging import find_link, stays
from lti_app.core.platforms.family import Family
from lti_app.core.results import Result, read_results
from lti_app.platform_client.connector import PlatformAccess
from lti_app.platform_client.exchange import exchange

MAX_PAGES = 500


def send_score(
    access: PlatformAccess, line_item_url: str, body: Mapping[str, Any], granted: Sequence[str]
) -> Answer:
    """POST one score; `granted` are the scopes of the launch (LTI-OA-7)."""
    if ags.SCORE_SCOPE not in granted:
        return Answer(None, failure="scope_missing", body="the launch granted no score scope")
    return exchange(
        access,
        "POST",
        ags.scores_url(line_item_url),
        ask(granted),
        accept="*/*",
        content_type=ags.SCORE_TYPE,  # exactly this, without parameters (MOODLE-4)
        body=body,
    ).answer


def read_result_pages(
    access: PlatformAccess, line_item_url: str, granted: Sequence[str], family: Family
) -> Iterator[tuple[list[Result], Answer]]:
    """All results of a line item, page by page; the last pair carries a bad answer where one came
    (then what was read is not all)."""
    if ags.RESULT_SCOPE not in granted:
        yield [], Answer(None, failure="scope_result", at_token=True)
        return
    url: str | None = ags.results_url(line_item_url)
    for _page in range(MAX_PAGES):
        assert url is not None  # noqa: S101  the loop ends without one
        kind = ags.RESULT_TYPE if family.sends_type_with_reads else None
        made = exchange(access, "GET", url, ask(granted), accept=ags.RESULT_TYPE, content_type=kind)
        results = read_results(made.body) if made.is_good else None
        if results is None:
            yield [], made.answer if not made.is_good else Answer(None, failure="answer_odd")
            return
        yield results, made.answer
        after = find_link(made.headers.get("Link", ""), "next") if family.pages_line_items else None
        if after is None:
            return
        if not stays(url, after):
            yield [], Answer(None, failure="host_foreign", body=after[:200])
            return
        url = after


def ask(granted: Sequence[str]) -> list[str]:
    """What a token is asked for: of the granted scopes those we know (LTI-AGS-1, LTI-OA-7)."""
    return sorted(ags.SCOPES & set(granted))
