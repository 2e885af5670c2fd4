"""URLs, timestamps, pauses, and what an answer means: LTI-AGS-*, LTI-SP-*."""

from datetime import UTC, datetime, timedelta

import pytest

from lti_app.core import ags
from lti_app.core.ags import Answer, Verdict, classify
from lti_app.core.platforms.families import FAMILIES, get_family, judge

NOW = datetime(2026, 11, 21, 20, 32, 11, 175_900, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "scores"),
    [
        ("https://p/li/2", "https://p/li/2/scores"),
        ("https://p/li/2/", "https://p/li/2/scores"),
        ("https://p/li?type_id=1", "https://p/li/scores?type_id=1"),
        ("https://p/li?a=1&b=?c", "https://p/li/scores?a=1&b=?c"),
        ("https://p/a%20b/li?x=%26", "https://p/a%20b/li/scores?x=%26"),
    ],
)
def test_scores_go_into_the_path_before_the_query(url, scores):
    """LTI-AGS-6, LTI-AGS-7, MOODLE-3"""
    assert ags.scores_url(url) == scores
    assert ags.results_url(url) == scores.replace("/scores", "/results")


def test_a_timestamp_is_now_in_milliseconds():
    """LTI-AGS-8"""
    first = ags.next_timestamp(NOW, None)
    assert ags.write_timestamp(first) == "2026-11-21T20:32:11.175Z"


@pytest.mark.parametrize("ahead", [-5, -0.5, 0, 0.2, 0.99, 30, 3600])
def test_timestamps_rise_by_whole_seconds(ahead):
    """LTI-AGS-9, MOODLE-6: fractions are ignored by the platform"""
    last = NOW + timedelta(seconds=ahead)
    following = ags.next_timestamp(NOW, last)
    assert int(following.timestamp()) > int(last.timestamp())
    assert following >= ags.next_timestamp(NOW, None)


@pytest.mark.parametrize(
    ("score", "maximum", "given"),
    [(0.8, 10, 8.0), (1 / 3, 100, 33.3333), (0.1 + 0.2, 10, 3.0), (1, 12.5, 12.5), (0, 7, 0)],
)
def test_a_score_is_scaled_without_dust(score, maximum, given):
    assert ags.scale(score, maximum) == given


def test_pauses_grow_are_jittered_and_respect_retry_after():
    """LTI-SP-7"""
    pauses = [ags.pause(tries, 0.5).total_seconds() for tries in range(1, 12)]
    assert pauses == sorted(pauses)
    assert pauses[0] == 5
    assert pauses[-1] == 3600
    assert ags.pause(3, 0.0) < ags.pause(3, 1.0)
    assert ags.pause(1, 0.5, retry_after=90).total_seconds() == 90
    assert ags.pause(1, 0.5, retry_after=1e9).total_seconds() == 3600


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        (200, "sent", ""),
        (201, "sent", ""),
        (204, "sent", ""),
        (302, "retry", "answer_odd"),
        (400, "refused", "score_rejected"),
        (401, "retry", "unauthorized"),
        (403, "refused", "forbidden"),
        (404, "refused", "line_item_gone"),
        (409, "conflict", "newer_score"),
        (412, "refused", "score_rejected"),
        (422, "refused", "not_gradable"),
        (429, "retry", "rate_limited"),
        (500, "unknown", "server_error"),
        (503, "unknown", "server_error"),
    ],
)
def test_what_a_status_means(status, verdict, reason):
    """LTI-SP-7, LTI-SP-8"""
    assert classify(Answer(status)) == (Verdict(verdict), reason)


@pytest.mark.parametrize(
    ("answer", "verdict", "reason"),
    [
        (Answer(None, failure="timeout"), "unknown", "no_answer"),
        (Answer(None, failure="broken"), "unknown", "no_answer"),
        (Answer(None, failure="unreachable"), "retry", "unreachable"),
        (Answer(None, failure="timeout", at_token=True), "retry", "no_answer"),
        (Answer(400, at_token=True), "retry", "token_refused"),
        (Answer(404, at_token=True), "retry", "token_refused"),
        (Answer(503, at_token=True), "retry", "server_error"),
        (Answer(None, failure="scope_missing", at_token=True), "refused", "scope_missing"),
    ],
)
def test_what_failed_at_the_token_was_never_posted(answer, verdict, reason):
    """moodle.md 5"""
    assert classify(answer) == (Verdict(verdict), reason)


@pytest.mark.parametrize(
    ("family", "answer", "verdict", "reason"),
    [
        ("moodle", Answer(400, phrase="Incorrect score received"), "refused", "not_gradable"),
        ("canvas", Answer(403, "403 Rate Limit Exceeded"), "retry", "rate_limited"),
        ("canvas", Answer(403, "no"), "refused", "forbidden"),
        ("canvas", Answer(400, "timestamp must be after last"), "conflict", "newer_score"),
        ("canvas", Answer(412), "refused", "line_item_gone"),
        ("never heard of it", Answer(403, "Rate Limit"), "refused", "forbidden"),
    ],
)
def test_families_read_answers_in_their_own_way(family, answer, verdict, reason):
    """MOODLE-5, CANVAS-21, CANVAS-34, CANVAS-36"""
    assert judge(get_family(family), answer) == (Verdict(verdict), reason)


def test_every_reason_has_words():
    said = {reason for _, reason in ags._STATUSES.values()}
    said |= {reason for _, reason in ags._FAILURES.values()}
    said |= {reason for family in FAMILIES.values() for _, reason in family.statuses.values()}
    assert said <= set(ags.REASONS)


def test_an_excerpt_is_short_and_has_the_reason_phrase():
    """moodle.md 6: the reason stands in the phrase only"""
    answer = Answer(400, "x" * 5000, phrase="Incorrect score received")
    assert answer.excerpt.startswith("Incorrect score received x")
    assert len(answer.excerpt) == ags.ANSWER_LIMIT


@pytest.mark.parametrize("body", ["<!DOCTYPE html><title>Back soon", "\n<HTML lang='en'>"])
def test_a_page_for_people_is_no_receipt(body):
    """A proxy, or a platform under maintenance, says 200 too; the score is sent again. PAIN-04"""
    assert ags.classify(Answer(200, body)) == (ags.Verdict.UNKNOWN, "answer_odd")
