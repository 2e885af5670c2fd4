"""What a link opens: the words in which launches, the picker and course copies speak of content."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PACKAGE = "package"
"""The kind whose keys have no prefix: a package's own key, as platforms have them in links."""

VERSION_DIGITS = 6


@dataclass(frozen=True)
class ItemVersion:
    """One version that a link may name."""

    id: UUID
    number: int
    published_at: datetime | None
    is_current: bool


@dataclass(frozen=True)
class Item:
    """Something that can be opened from a platform."""

    kind: str
    """A key of `lti_app.services.items.KINDS`."""
    key: str
    """What `sc_item` carries: unique in the tenant, never changed, copied with courses."""
    id: UUID
    title: str
    description: str = ""
    version_id: UUID | None = None
    """The version that opens; None where the kind has none, or nothing is published."""
    version_number: int | None = None
    score_maximum: float | None = 100.0
    """Points a line item for it has unless a teacher says otherwise; None: nothing is graded."""
    is_playable: bool = True
    is_pinned: bool = False
    """Whether `version_id` is what a link named, not simply the newest."""
    form: str = ""
    """What it is made of, for people: "SCORM 2004 4th Edition"."""
    cover_url: str | None = None
    """A picture of its own; None: one is drawn from the key."""
    sort_key: str = ""
    """Lower-cased title as the database made it: together with `id` where the next page begins."""


@dataclass(frozen=True)
class Opened:
    """What became of opening an item for a person: one of the three is set."""

    attempt_id: UUID | None = None
    """A package's attempt, to be played on the content origin."""
    address_path: str | None = None
    """Native content: its path on the application origin, without a token."""
    problem: str = ""
    """Reason code (lti_app.core.lti.reasons) why nothing opens."""


@dataclass(frozen=True)
class After:
    """The last item of a page: the next one begins behind it."""

    sort_key: str
    id: UUID


def kind_of(key: str) -> str:
    """The kind that a key names: the word before its colon, "package" where there is none."""
    kind, colon, _rest = key.partition(":")
    return kind if colon else PACKAGE


def read_version(text: str) -> int | None:
    """The number in `sc_version`; None for none, and for what a platform did not replace."""
    digits = text.strip()
    usable = digits.isascii() and digits.isdigit() and len(digits) <= VERSION_DIGITS
    return int(digits) or None if usable else None
