"""What each setting of a package means, in plain words."""

from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class SettingText:
    """How a setting is shown."""

    label: object
    hint: object = ""
    choices: dict[str, object] = field(default_factory=dict)
    """Labels of a choice's values."""
    unit: object = ""
    """Behind a number."""


GROUPS: tuple[tuple[object, tuple[str, ...]], ...] = (
    (_l("How it opens"), ("open_in", "window_width", "window_height")),
    (
        _l("What happens at the end"),
        ("exit_actions.item_ended", "exit_actions.course_ended", "exit_actions.on_leave"),
    ),
    (_l("Attempts"), ("attempt_policy", "max_attempts", "counting_attempt")),
    (
        _l("When it is completed"),
        ("completion_policy", "completion_score", "mastery_override", "complete_at_finish"),
    ),
    (
        _l("How closely the standard is followed"),
        ("strict", "keep_without_suspend", "suspend_data_limit"),
    ),
)
"""Headings of the page, and the settings below each."""

TEXTS: dict[str, SettingText] = {
    "open_in": SettingText(
        _l("Where the content opens"),
        _l("Some packages only work, or only look right, in a window of their own."),
        {
            "frame": _l("In the page, beside the contents"),
            "window": _l("In a window of its own, opened on a click"),
        },
    ),
    "window_width": SettingText(
        _l("Width of that window"), _l("Empty: as wide as the screen."), unit=_l("pixels")
    ),
    "window_height": SettingText(
        _l("Height of that window"), _l("Empty: as high as the screen."), unit=_l("pixels")
    ),
    "exit_actions.item_ended": SettingText(
        _l("When a part has ended and others follow"),
        _l("Only where the content itself does not say where to go."),
        {
            "stay": _l("Show a way on and wait"),
            "continue": _l("Go on with the next part"),
            "contents": _l("Show the contents"),
        },
    ),
    "exit_actions.course_ended": SettingText(
        _l("When the last part has ended"),
        "",
        {
            "stay": _l("Show a way back and wait"),
            "leave": _l("Go back to where it was opened from"),
        },
    ),
    "exit_actions.on_leave": SettingText(
        _l("When the learner leaves before the end"),
        _l("By the button of the player. Closing the window always keeps everything."),
        {
            "suspend": _l("Keep the attempt for the next visit"),
            "exit": _l("End the attempt"),
        },
    ),
    "attempt_policy": SettingText(
        _l("When somebody opens it again"),
        "",
        {
            "resume": _l("Go on with the attempt there is, finished or not"),
            "new_when_finished": _l("Begin a new attempt once the last one is finished"),
            "new_on_new_version": _l("Begin a new attempt when there is a new version"),
        },
    ),
    "max_attempts": SettingText(
        _l("Attempts that one person may have"),
        _l("In each place it is linked from. Empty: as many as they like."),
    ),
    "counting_attempt": SettingText(
        _l("Which attempt gives the grade"),
        "",
        {
            "best": _l("The best one"),
            "last": _l("The last one"),
            "first": _l("The first one"),
            "average": _l("The average of all finished ones"),
        },
    ),
    "completion_policy": SettingText(
        _l("Completed means"),
        _l("A course can be made to count by other rules than its author's."),
        {
            "as_reported": _l("What the content reports"),
            "all_visited": _l("Every part was opened"),
            "score_at_least": _l("The score below was reached"),
            "on_exit": _l("It was opened and left"),
        },
    ),
    "completion_score": SettingText(
        _l("Score to be reached"), _l("Used by “The score below was reached” only."), unit="%"
    ),
    "mastery_override": SettingText(
        _l("The package's pass mark decides"),
        _l("When the package names a mastery score, it says who has passed, not the content."),
    ),
    "complete_at_finish": SettingText(
        _l("Ending completes"),
        _l("A part that never says whether it is completed is completed when it ends."),
    ),
    "strict": SettingText(
        _l("Refuse what exceeds the standard"),
        _l("Many packages write more than the standard allows. Leave this off unless you test."),
    ),
    "keep_without_suspend": SettingText(
        _l("Keep the place in the content in any case"),
        _l("By the letter, a part that does not ask for it begins anew at the next visit."),
    ),
    "suspend_data_limit": SettingText(
        _l("Room for the content's own notes"),
        _l("So much it may keep for its next visit (suspend data). The standard gives 4,096."),
        unit=_l("characters"),
    ),
}
