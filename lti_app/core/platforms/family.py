"""What sets a product family apart; each difference is a value here, never an `if` elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lti_app.core.ags import Answer, Verdict
from lti_app.core.score import ScoreFacts


@dataclass(frozen=True)
class Family:
    """One product: its name, and where it differs from what the specifications say."""

    code: str
    """Our word, and the usual `product_family_code`."""
    label: str
    statuses: Mapping[int, tuple[Verdict, str]] = field(default_factory=dict)
    """HTTP status to (verdict, reason) where this product means something of its own."""
    read_answer: Callable[[Answer], tuple[Verdict, str] | None] = lambda _answer: None
    """Looks at the words of an answer, before the status; None: nothing special."""
    asks_for_storage: bool = False
    """It keeps data for tools without saying so at login: `lti.capabilities` tells (BB-5)."""
    takes_pending_manual: bool = True
    """Whether "waits for a person" may be sent without erasing what is there (LTI-SP-6)."""
    extend_score: Callable[[ScoreFacts], dict[str, Any]] = lambda _facts: {}
    """The vendor's own members of a score."""
    extend_line_item: Callable[[str], dict[str, Any]] = lambda _launch_url: {}
    """The vendor's own members of a line item that we make; takes our launch address."""
    may_lack_link: bool = False
    """Some of its placements launch without a resource link (BB-11)."""
    sends_type_with_reads: bool = False
    """Reads carry a Content-Type, too (BB-8)."""
    lanes: int = 4
    """Requests to one platform at a time."""
    creates_line_items: bool = True
    """Whether we make a line item where a launch names none, unless an administrator says so."""
    binds_line_items: bool = True
    """Whether a line item that we make names the link it is for; else its `resourceId` does."""
    item_query: Mapping[str, str] = field(default_factory=dict)
    """Added when line items are read, to be told more about them."""
    roster_page: int | None = None
    """Members to ask for per page; None: as many as the platform gives (OEDX-1)."""
    pages_line_items: bool = True
    """Whether a `next` link of line items and results can be followed."""
    hosts: tuple[str, ...] = ()
    """Where its services may be besides the registered hosts; "*.x" takes every name below x."""
    is_cloud: bool = False
    """One issuer for all schools, so that a launch itself names the school's host."""
