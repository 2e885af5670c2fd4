"""What sets a product family apart; each difference is a value here, never an `if` elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lti_app.core.ags import Answer, Verdict


@dataclass(frozen=True)
class Family:
    """One product: its name, and how its answers to a score differ from the general table."""

    code: str
    """Our word, and the usual `product_family_code`."""
    label: str
    statuses: Mapping[int, tuple[Verdict, str]] = field(default_factory=dict)
    """HTTP status to (verdict, reason) where this product means something of its own."""
    read_answer: Callable[[Answer], tuple[Verdict, str] | None] = lambda _answer: None
    """Looks at the words of an answer, before the status; None: nothing special."""
    asks_for_storage: bool = False
    """It keeps data for tools without saying so at login: `lti.capabilities` tells (BB-5)."""
