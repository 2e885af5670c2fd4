"""Roll-up over SCOs, and the events that a change of standing causes."""

from scorm_runtime.core.outcome import Score, ScoResult, Standing, find_events, roll_up


def sco(completion="not attempted", success="unknown", scaled=None, seconds=0.0):
    raw = None if scaled is None else scaled * 100
    return ScoResult(completion, success, Score(raw=raw, scaled=scaled), seconds)


def test_nothing_to_play_is_unknown():
    assert roll_up([]).completion == "unknown"


def test_completed_when_all_are():
    assert roll_up([sco("completed"), sco("completed")]).completion == "completed"
    assert roll_up([sco("completed"), sco()]).completion == "incomplete"
    assert roll_up([sco("incomplete"), sco()]).completion == "incomplete"
    assert roll_up([sco(), sco()]).completion == "not attempted"


def test_failed_when_one_is_and_passed_when_all_are_done():
    assert roll_up([sco("completed", "failed"), sco()]).success == "failed"
    assert roll_up([sco("completed", "passed"), sco()]).success == "unknown"
    assert roll_up([sco("completed", "passed"), sco("completed")]).success == "passed"
    assert roll_up([sco("completed"), sco("completed")]).success == "unknown"


def test_the_score_is_the_mean_of_those_reported():
    rolled = roll_up([sco(scaled=0.5), sco(scaled=1.0), sco()]).score
    assert (rolled.scaled, rolled.raw, rolled.min, rolled.max) == (0.75, 75, 0, 100)
    assert roll_up([sco(), sco()]).score == Score()


def test_a_single_sco_keeps_its_own_numbers():
    own = Score(raw=8, min=0, max=10, scaled=0.8)
    assert roll_up([ScoResult("completed", "passed", own, 5)]) == Standing(
        "completed", "passed", own, 5
    )


def test_times_add_up():
    assert roll_up([sco(seconds=2), sco(seconds=3)]).total_seconds == 5


def test_events_tell_what_changed_in_their_order():
    before = roll_up([sco("incomplete")])
    after = roll_up([sco("completed", "passed", 0.9)])
    assert find_events(before, after) == ("completed", "passed", "scored")
    assert find_events(after, after) == ()
    assert find_events(after, roll_up([sco("completed", "failed", 0.9)])) == ("failed",)
