"""Everything that is wrong with a statement, collected in one pass: where, which rule, what to do.

A path is written as a developer would write it: `[3].object.definition.name["en US"]`.
Rule ids are those of the project's xAPI reference (XP-nn), requirements those of ADL's list
(XAPI-nnnnn), which vendors know from the conformance suite.
"""

import re
from dataclasses import dataclass
from typing import Any

from xapi_lrs.core.requirements import find_requirement

JsonObject = dict[str, Any]

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Problem:
    path: str
    rule: str
    message: str
    named: str = ""
    """The requirement, where path and rule do not lead to it."""

    @property
    def requirement(self) -> str:
        """ "XAPI-00044", or "" where ADL has none."""
        return self.named or find_requirement(self.path, self.rule)

    def __str__(self) -> str:
        return f"{self.path or 'statement'}: {self.message} ({self.requirement or self.rule})"


class Problems(list[Problem]):
    """The faults found so far; called with each new one."""

    def __call__(self, path: str, rule: str, message: str, requirement: str = "") -> None:
        self.append(Problem(path.removeprefix("."), rule, message, requirement))

    def sentence(self) -> str:
        """The first one in full, and how many there are."""
        more = len(self) - 1
        return f"{self[0]}{f' (and {more} more)' if more else ''}"


def at(path: str, key: str) -> str:
    """The path of `key` below `path`; a key that is not a plain name is quoted and shortened."""
    if _PLAIN_KEY.match(key):
        return f"{path}.{key}"
    shown = key if len(key) <= _LONGEST_SHOWN else key[:_LONGEST_SHOWN] + "…"
    return f'{path}["{shown}"]'
