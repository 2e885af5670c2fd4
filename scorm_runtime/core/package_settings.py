"""How one package is played and judged: named settings with defaults, read and checked (SD-06).

`read_package_settings` is for stored JSON and never fails: a launch does not break over a setting.
`validate_package_settings` is for what somebody enters: every fault is named, nothing is guessed.
`RULES` is the list of them that pages and commands walk through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from scorm_runtime.core.settings import RuntimeSettings

OpenIn = Literal["frame", "window"]
AttemptPolicy = Literal["resume", "new_when_finished", "new_on_new_version"]
CountingAttempt = Literal["best", "last", "first", "average"]
CompletionPolicy = Literal["as_reported", "all_visited", "score_at_least", "on_exit"]
AfterItem = Literal["stay", "continue", "contents"]
AfterCourse = Literal["stay", "leave"]
OnLeave = Literal["suspend", "exit"]


@dataclass(frozen=True)
class ExitActions:
    """What the player does where the standard leaves it to the LMS."""

    item_ended: AfterItem = "stay"
    """An item ended itself, asked for nothing, and others follow (SD-04): show a way on, go on to
    the next one, or show the contents."""
    course_ended: AfterCourse = "stay"
    """The same with nothing to follow: show a way back, or go back to where it was opened from."""
    on_leave: OnLeave = "suspend"
    """The learner leaves by the player's own button: the attempt waits for the next visit, or it
    ends."""


@dataclass(frozen=True)
class PackageSettings:
    """All of a package's settings; the defaults are what a new package has."""

    open_in: OpenIn = "frame"
    """Content beside the player's contents, or in a window of its own, opened on a click."""
    window_width: int = 0
    """Of that window in CSS pixels; 0 as wide as the screen."""
    window_height: int = 0
    """Of that window in CSS pixels; 0 as high as the screen."""
    exit_actions: ExitActions = field(default_factory=ExitActions)
    attempt_policy: AttemptPolicy = "resume"
    """At a launch: go on with the newest attempt for ever; begin another one once it has ended
    and is completed, passed or failed; or begin another one when there is a newer version."""
    max_attempts: int = 0
    """A learner's attempts in one place (portal or resource link); 0 is no bound."""
    counting_attempt: CountingAttempt = "best"
    """Which attempt's result is the grade; "average" is of the scores of those finished."""
    completion_policy: CompletionPolicy = "as_reported"
    """When an attempt is completed: as the content says; when each item was opened; when the
    score is `completion_score` or more; when the learner leaves."""
    completion_score: float = 0.8
    """Scaled score, 0 to 1, for "score_at_least"."""
    mastery_override: bool = True
    """The manifest's mastery score decides passed or failed (RTE 1.2 3.4.3.1)."""
    strict: bool = False
    """Refuse values that exceed the standard's limits (PAIN-08)."""
    keep_without_suspend: bool = True
    """Keep a SCO's data although it did not ask for that by cmi.core.exit = "suspend"."""
    complete_at_finish: bool = True
    """Ending completes a SCO that never set a status (RTE 1.2 3.4.3.1)."""
    suspend_data_limit: int = 1_048_576
    """Characters of suspend_data that are taken unless `strict`."""

    def as_json(self) -> dict[str, Any]:
        """What differs from the defaults, as `package.settings` keeps it."""
        mine, default = asdict(self), asdict(PackageSettings())
        changed = {name: value for name, value in mine.items() if value != default[name]}
        if "exit_actions" in changed:
            usual = default["exit_actions"]
            actions = changed["exit_actions"]
            changed["exit_actions"] = {k: v for k, v in actions.items() if v != usual[k]}
        return changed

    def runtime_settings(self) -> RuntimeSettings:
        """Those of them that a SCO's run-time knows."""
        known = (one.name for one in fields(RuntimeSettings))
        return RuntimeSettings(**{name: getattr(self, name) for name in known})


@dataclass(frozen=True)
class Rule:
    """What one setting may be."""

    name: str
    """As in JSON; a dot leads into `exit_actions`."""
    kind: Literal["choice", "whole", "share", "switch"]
    """One of `choices`; a whole number; a number from 0 to 1; true or false."""
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    zero_means_none: bool = False
    """0 is allowed beside `least` to `most`, as "no bound"."""

    @property
    def default(self) -> Any:
        """The value of a new package."""
        return value_of(PackageSettings(), self.name)


RULES = (
    Rule("open_in", "choice", ("frame", "window")),
    Rule("window_width", "whole", least=320, most=7680, zero_means_none=True),
    Rule("window_height", "whole", least=240, most=4320, zero_means_none=True),
    Rule("exit_actions.item_ended", "choice", ("stay", "continue", "contents")),
    Rule("exit_actions.course_ended", "choice", ("stay", "leave")),
    Rule("exit_actions.on_leave", "choice", ("suspend", "exit")),
    Rule("attempt_policy", "choice", ("resume", "new_when_finished", "new_on_new_version")),
    Rule("max_attempts", "whole", least=1, most=1000, zero_means_none=True),
    Rule("counting_attempt", "choice", ("best", "last", "first", "average")),
    Rule(
        "completion_policy", "choice", ("as_reported", "all_visited", "score_at_least", "on_exit")
    ),
    Rule("completion_score", "share"),
    Rule("mastery_override", "switch"),
    Rule("strict", "switch"),
    Rule("keep_without_suspend", "switch"),
    Rule("complete_at_finish", "switch"),
    Rule("suspend_data_limit", "whole", least=4096, most=4 * 1024 * 1024),
)


@dataclass(frozen=True)
class Problem:
    """One setting that cannot be taken."""

    name: str
    code: Literal["unknown", "choice", "whole", "share", "switch"]
    message: str
    """What is wrong and what would be right."""


class SettingsRefused(ValueError):
    """None of the settings was taken; `problems` has one line for each fault."""

    status_hint = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in problems))


def read_package_settings(data: Mapping[str, Any] | None) -> PackageSettings:
    """Settings out of stored JSON; what is missing, unknown or wrong takes its default."""
    flat = _flatten(data or {})
    known = {rule.name: rule for rule in RULES}
    return _build(
        {name: value for name, value in flat.items() if name in known and _fits(known[name], value)}
    )


def validate_package_settings(data: Mapping[str, Any]) -> PackageSettings:
    """Settings as somebody wants them, with JSON's types; raises SettingsRefused with all faults.

    A setting that is not named takes its default.
    """
    flat = _flatten(data)
    known = {rule.name: rule for rule in RULES}
    problems = [_problem(name, known.get(name), value) for name, value in flat.items()]
    found = [problem for problem in problems if problem is not None]
    if found:
        raise SettingsRefused(found)
    return _build(flat)


def value_of(settings: PackageSettings, name: str) -> Any:
    """The value of the setting that a `Rule` names."""
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _flatten(data: Mapping[str, Any]) -> dict[str, Any]:
    """`{"exit_actions": {"on_leave": …}}` as `{"exit_actions.on_leave": …}`."""
    flat: dict[str, Any] = {}
    for name, value in data.items():
        if name == "exit_actions" and isinstance(value, Mapping):
            flat |= {f"exit_actions.{inner}": own for inner, own in value.items()}
        else:
            flat[str(name)] = value
    return flat


def _build(flat: Mapping[str, Any]) -> PackageSettings:
    prefix = "exit_actions."
    actions = {n.removeprefix(prefix): v for n, v in flat.items() if n.startswith(prefix)}
    others = {name: value for name, value in flat.items() if not name.startswith(prefix)}
    return PackageSettings(**others, exit_actions=ExitActions(**actions))


def _fits(rule: Rule, value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match rule.kind:
        case "choice":
            return isinstance(value, str) and value in rule.choices
        case "switch":
            return isinstance(value, bool)
        case "share":
            return is_number and 0 <= value <= 1  # type: ignore[operator]  # a number, just asked
        case "whole":
            if not is_number or isinstance(value, float):
                return False
            in_range = rule.least <= value <= rule.most  # type: ignore[operator]  # an int
            return in_range or (rule.zero_means_none and value == 0)


def _problem(name: str, rule: Rule | None, value: object) -> Problem | None:
    if rule is None:
        known = ", ".join(rule.name for rule in RULES)
        return Problem(name, "unknown", f"There is no setting {name!r}; there are {known}.")
    if _fits(rule, value):
        return None
    return Problem(name, rule.kind, f"{name} is {value!r}; it has to be {describe(rule)}.")


def describe(rule: Rule) -> str:
    """What a setting may be, in words."""
    match rule.kind:
        case "choice":
            return f"one of {', '.join(rule.choices)}"
        case "switch":
            return "true or false"
        case "share":
            return "a number from 0 to 1"
        case "whole":
            none = ", or 0 for no bound" if rule.zero_means_none else ""
            return f"a whole number from {rule.least} to {rule.most}{none}"
