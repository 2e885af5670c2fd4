"""Questions as values: what is asked, what is right, and what each part is worth.

One frozen dataclass for all kinds; which fields hold something depends on `kind`:

| kind | fields | an answer is |
|---|---|---|
| choice_one | options | the id of an option |
| choice_many | options, scoring | a list of ids |
| true_false | is_true | true or false |
| fill_in | blanks; `[[id]]` in the text marks where they stand | {blank id: text} |
| numeric | numbers | text as typed |
| matching | lefts, rights | {left id: right id} |
| ordering | items, in the right order; scoring | a list of ids |
| essay | rubric, limits of words | text |

Marking is in `marking`, reading from JSON in `reading`.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "choice_one",
    "choice_many",
    "true_false",
    "fill_in",
    "numeric",
    "matching",
    "ordering",
    "essay",
]
KINDS: tuple[Kind, ...] = (
    "choice_one",
    "choice_many",
    "true_false",
    "fill_in",
    "numeric",
    "matching",
    "ordering",
    "essay",
)
Scoring = Literal["all_or_nothing", "partial", "weights", "positions", "neighbours"]
SCORINGS: dict[Kind, tuple[Scoring, ...]] = {
    "choice_one": ("all_or_nothing", "weights"),
    "choice_many": ("all_or_nothing", "partial", "weights"),
    "true_false": ("all_or_nothing",),
    "fill_in": ("partial", "all_or_nothing"),
    "numeric": ("all_or_nothing",),
    "matching": ("partial", "all_or_nothing"),
    "ordering": ("all_or_nothing", "positions", "neighbours"),
    "essay": ("all_or_nothing",),
}
"""How each kind may be marked; the first is the default.

all_or_nothing: everything right, or no points. partial: for choices the share of right ones chosen
less the share of wrong ones chosen, never below nothing; for blanks and pairs the share of right
ones. weights: the sum of the weights of what was chosen, within 0 and 1. positions: the share of
items at their place. neighbours: the share of items that follow the one they should.
"""
ToleranceKind = Literal["absolute", "relative"]
Spaces = Literal["collapse", "ignore", "exact"]


@dataclass(frozen=True)
class Option:
    """One choice."""

    id: str
    text: str
    is_right: bool
    weight: float = 0.0
    """-1..1, of the question's points; only where the scoring is "weights"."""
    feedback: str = ""


@dataclass(frozen=True)
class Variant:
    """A text that is accepted for a blank; `*` stands for any characters."""

    text: str
    weight: float = 1.0
    """0..1 of the blank."""
    feedback: str = ""


@dataclass(frozen=True)
class Blank:
    """A gap to fill in."""

    id: str
    accepted: tuple[Variant, ...]
    is_case_sensitive: bool = False
    spaces: Spaces = "collapse"
    """collapse: ends are cut, runs are one space; ignore: all are taken out; exact: as they are."""


@dataclass(frozen=True)
class Number:
    """A number that is accepted, and how far from it an answer may lie (bounds included)."""

    value: str
    """Decimal text, so that 0.1 stays 0.1."""
    tolerance: str = "0"
    tolerance_kind: ToleranceKind = "absolute"
    """relative: the tolerance is a share of the value."""
    weight: float = 1.0
    feedback: str = ""


@dataclass(frozen=True)
class Left:
    """What is to be matched."""

    id: str
    text: str
    match: str
    """Id of the right one."""


@dataclass(frozen=True)
class Piece:
    """Something to match with, or to put in order."""

    id: str
    text: str


@dataclass(frozen=True)
class Level:
    """One level of a criterion."""

    id: str
    text: str
    points: float


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric."""

    id: str
    text: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Question:
    """What is asked, and its key. Texts are Markdown."""

    kind: Kind
    text: str
    points: float = 1.0
    title: str = ""
    """For teachers only."""
    scoring: Scoring = "all_or_nothing"
    is_shuffled: bool = True
    """Options in an order of each attempt's own; pieces always are."""
    options: tuple[Option, ...] = ()
    is_true: bool = True
    blanks: tuple[Blank, ...] = ()
    numbers: tuple[Number, ...] = ()
    lefts: tuple[Left, ...] = ()
    rights: tuple[Piece, ...] = ()
    items: tuple[Piece, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    least_words: int = 0
    most_words: int = 0
    """0: any number."""
    feedback: str = ""
    """Whatever was answered."""
    feedback_right: str = ""
    feedback_wrong: str = ""
    model_answer: str = ""
    """Of an essay, for who marks it."""
    tags: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    """Where it came from (`exchange`); never shown to learners."""

    @property
    def is_marked_by_hand(self) -> bool:
        return self.kind == "essay"
