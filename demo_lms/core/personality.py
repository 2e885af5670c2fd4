"""What a product does in its own way; `personalities.py` has the values, one product after another.

Every field names a difference that a tool meets on the wire. What all products share is code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Refusal = tuple[int, str]
"""HTTP status and reason phrase."""


@dataclass(frozen=True)
class Claims:
    """How an id_token looks."""

    lifetime: int = 3600
    azp: bool = False
    """`azp` names the client also when `aud` is one text."""
    nbf: bool = False
    """Begins to be good now, to the second: no leeway for a slow clock of the tool. D2L-6"""
    institution_roles: bool = False
    """Roles of the institution and the system come beside those of the course."""
    custom_twice: bool = False
    """Custom keys come as written and in lower case."""
    history: bool = True
    """`$ResourceLink.id.history` is known; otherwise it comes as the literal text."""
    basic_outcome: bool = False
    """The claim of the old outcome service is there too."""
    login_extra: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the login initiation that no specification names; `{deployment_id}` is
    filled in."""


@dataclass(frozen=True)
class Scores:
    """What a score does to a grade."""

    counting: frozenset[str] = frozenset({"FullyGraded"})
    """The values of gradingProgress whose score becomes the grade."""
    erases: bool = False
    """Any other value takes the grade away; otherwise it stays."""
    known_progress_only: bool = True
    """A word for the progress that the specification does not have is refused with 400."""
    whole_seconds: bool = False
    """Timestamps are compared in whole seconds."""
    older: Refusal = (409, "Refusing score with an earlier timestamp")
    no_maximum: Refusal = (400, "Incorrect score received: scoreMaximum is missing")
    not_gradable: Refusal = (
        400,
        "Incorrect score received: the user cannot be graded in this course",
    )
    locked: Refusal = (403, "The grade is locked")
    wipes_comment: bool = False
    """A score without a comment takes the earlier comment away."""
    clamps: bool = False
    """The final grade lies between 0 and the maximum, whatever was sent."""
    override: str = "stays"
    """A teacher's grade "stays", is "replaced", or stays "when_asked" by the tool's extension."""


@dataclass(frozen=True)
class LineItems:
    """Addresses of the gradebook's columns and what a tool may do with them."""

    container: str
    item: str
    typed: bool = False
    """Addresses carry `?type_id=`, which must come back."""
    only_own: bool = False
    """A tool sees only the columns that belong to it. BB-9"""
    hides_second: bool = False
    """A link with two columns gets no `lineitem` claim."""
    delete_coupled: Refusal = (403, "The line item belongs to an activity of the course")
    unknown_link: Refusal = (403, "The resource link is not one of this tool")
    exact_media_types: bool = False
    """Accept headers are compared as whole texts."""
    typed_reads: bool = False
    """Reading, too, needs a Content-Type of the services. BB-8"""
    result_comments: bool = True
    results_limit: bool = True
    """`results?limit=` pages; otherwise it leads nowhere (404)."""
    good_link_header: bool = True
    """The Link header of pages is well-formed."""


@dataclass(frozen=True)
class Memberships:
    """The form of names and roles."""

    short_roles: bool = False
    page: int | None = None
    """Members of one answer when no limit is sent; None: all of them."""
    most: int | None = None
    """A larger limit is cut to this."""
    inactive: bool = True
    """People who left are shown, as Inactive or Deleted."""
    exact_media_type: bool = False
    differences: bool = False
    """The last page offers `rel="differences"`."""


@dataclass(frozen=True)
class Registration:
    """Dynamic registration."""

    token: bool = True
    """A registration token is sent, and must come back with the configuration or the POST."""
    token_for_configuration: bool = False
    """The configuration itself is only shown to the bearer of the token. CANVAS-15"""
    extensions: Mapping[str, Any] = field(default_factory=dict)
    """Vendor's members of the platform configuration."""
    wanted: tuple[str, ...] = ()
    """Members without which the tool's registration is refused."""
    refusal: int = 400
    must_activate: bool = False
    """An administrator has to press a button before the tool may be used. MOODLE-14"""


@dataclass(frozen=True)
class Personality:
    """One product, as a tool sees it."""

    key: str
    title: str
    family_code: str
    line_items: LineItems
    version: str = "1"
    claims: Claims = Claims()
    scores: Scores = Scores()
    memberships: Memberships = Memberships()
    registration: Registration = Registration()
    deployment: str = "1"
    """Form of the deployment ids given to new tools; `{number}` is counted."""
    deep_linking: Mapping[str, Any] = field(default_factory=dict)
    """What differs in the deep linking settings."""
    data: bool = True
    """Deep linking settings carry `data`, which must come back."""
    token_audience: str | None = None
    """The only `aud` of a client assertion; None: the token address. PAIN-17"""
    storage_target: str | None = None
    """`lti_storage_target` of the login initiation; None: it is not sent."""
    storage_frame: str | None = None
    """The frame that answers lti.put_data and lti.get_data; "_parent" is the page itself."""
