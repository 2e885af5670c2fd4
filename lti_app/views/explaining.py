"""Reasons of the run-time in the visitor's language (`scorm_runtime/core/situations.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from scorm_runtime.core.explain import Explanation
from scorm_runtime.core.situations import SITUATIONS, Reason


@dataclass(frozen=True)
class Told:
    """One reason: what is missing, and what to do."""

    sentence: str
    advice: str


@dataclass(frozen=True)
class ToldExplanation:
    """What a page shows; see macros/why.html."""

    completion: Sequence[Told]
    success: Sequence[Told]
    more: int

    @property
    def is_empty(self) -> bool:
        return not self.completion and not self.success


def tell(explanation: Explanation) -> ToldExplanation:
    """The explanation in words."""
    return ToldExplanation(
        [_tell(reason) for reason in explanation.completion],
        [_tell(reason) for reason in explanation.success],
        explanation.more,
    )


def _tell(reason: Reason) -> Told:
    situation = SITUATIONS[reason.code]
    values = {"item": reason.item, **reason.values}
    return Told(_(situation.sentence) % values, _(situation.advice) if situation.advice else "")
