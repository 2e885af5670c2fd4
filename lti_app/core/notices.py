"""The kinds of notices that people get: their words, and by which way unless they choose otherwise.

Texts are English sentences with named placeholders; pages and mails translate them with gettext.
`N_` marks them for the catalogues and does nothing.
"""

from dataclasses import dataclass


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools know
    """Mark `text` for translation later."""
    return text


PORTAL, MAIL = "portal", "mail"
CHANNELS = (PORTAL, MAIL)


@dataclass(frozen=True)
class Kind:
    """One kind of notice."""

    label: str
    """On the page where people choose what they want to hear."""
    title: str
    """One sentence: headline on the portal, subject of the mail; placeholders from `names`."""
    body: str
    """A sentence or two more, for the mail."""
    action: str
    """What the link says."""
    icon: str
    names: tuple[str, ...] = ("course",)
    """What `data` has to hold; a score is a whole number of 100."""
    mail: bool = True
    """Whether it is mailed to people who have not chosen."""
    is_for_staff: bool = False
    """Offered as a choice only to people who teach or manage."""
    chosen_as: str = ""
    """The kind whose switch decides; "" for its own."""


KINDS: dict[str, Kind] = {
    "enrolled": Kind(
        N_("I am enrolled in a course"),
        N_("You are enrolled in “%(course)s”"),
        N_("The course is open for you now. Start whenever it suits you."),
        N_("Open the course"),
        "book",
    ),
    "course_published": Kind(
        N_("A course of mine has a new version"),
        N_("“%(course)s” was published"),
        N_("What is new is for everybody who enrols from now on."),
        N_("Open the course"),
        "box-seam",
        mail=False,
    ),
    "due_soon": Kind(
        N_("Something is due soon"),
        N_("“%(title)s” is due soon"),
        N_("It belongs to the course “%(course)s” and is due on %(due)s."),
        N_("Continue"),
        "hourglass-split",
        ("title", "course", "due"),
    ),
    "due_list": Kind(
        N_("Something is due soon"),
        N_("Due in the next days: %(titles)s"),
        N_("This is what your courses expect of you:\n%(things)s"),
        N_("See all of it"),
        "hourglass-split",
        ("titles", "things"),
        chosen_as="due_soon",
    ),
    "graded": Kind(
        N_("My work was graded"),
        N_("“%(title)s” was graded: %(score)s of 100"),
        N_("The result is in your course, with the comments on your answers."),
        N_("See the result"),
        "clipboard-check",
        ("title", "score"),
    ),
    "returned": Kind(
        N_("My work was given back"),
        N_("“%(title)s” was given back to you"),
        N_("Your teacher has said what is missing. Hand it in again when it is done."),
        N_("See what is missing"),
        "arrow-return-left",
        ("title",),
    ),
    "completed": Kind(
        N_("I finished a course"),
        N_("You completed “%(course)s”"),
        N_("Well done. Everything that you worked through stays open for you."),
        N_("Look back"),
        "check-circle",
        mail=False,
    ),
    "certificate_issued": Kind(
        N_("A certificate was issued to me"),
        N_("Your certificate for “%(course)s” is ready"),
        N_("It has the number %(number)s. Anybody to whom you show it can verify it."),
        N_("Open the certificate"),
        "award",
        ("course", "number"),
    ),
    "certificate_revoked": Kind(
        N_("A certificate of mine was revoked"),
        N_("Your certificate for “%(course)s” was revoked"),
        N_("The reason that was given: %(reason)s"),
        N_("Look at your certificates"),
        "x-circle",
        ("course", "reason"),
    ),
    "certificate_expiring": Kind(
        N_("A certificate of mine expires soon"),
        N_("Your certificate for “%(course)s” expires on %(due)s"),
        N_("To keep it, take the course again before that day."),
        N_("Look at your certificates"),
        "hourglass-split",
        ("course", "due"),
    ),
    "needs_grading": Kind(
        N_("Work waits for my grade"),
        N_("“%(title)s” waits for your grade"),
        N_("%(learner)s has handed it in."),
        N_("Grade it"),
        "pencil-square",
        ("title", "learner"),
        is_for_staff=True,
    ),
    "grades_failing": Kind(
        N_("A platform does not take grades"),
        N_("Grades do not arrive at “%(platform)s”: %(failed)s of %(tried)s in the last hour"),
        N_("Nothing is lost: what can be sent later is sent later. The page says why they failed."),
        N_("See why"),
        "exclamation-octagon",
        ("platform", "failed", "tried"),
        is_for_staff=True,
    ),
}
"""Kind to its words. Callers of `services.notifications.notify` give what `names` lists."""


def switch_of(kind: str) -> str:
    """The kind that people switch on and off when they mean `kind`."""
    return KINDS[kind].chosen_as or kind


def is_on(kind: str, channel: str, choices: dict[tuple[str, str], bool]) -> bool:
    """Whether `channel` is on for `kind`; `choices` is what the person has chosen."""
    default = KINDS[kind].mail if channel == MAIL else True
    return choices.get((switch_of(kind), channel), default)
