"""Everything that is wrong with a statement, collected in one pass: where, which rule, what to do.

A path is written as a developer would write it: `[3].object.definition.name["en US"]`.
Rule ids are those of the project's xAPI reference (XP-nn).
"""

import re
from dataclasses import dataclass
from typing import Any

JsonObject = dict[str, Any]

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Problem:
    path: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or 'statement'}: {self.message} ({self.rule})"


class Problems(list[Problem]):
    """The faults found so far; called with each new one."""

    def __call__(self, path: str, rule: str, message: str) -> None:
        self.append(Problem(path.removeprefix("."), rule, message))


def at(path: str, key: str) -> str:
    """The path of `key` below `path`; a key that is not a plain name is quoted and shortened."""
    if _PLAIN_KEY.match(key):
        return f"{path}.{key}"
    shown = key if len(key) <= _LONGEST_SHOWN else key[:_LONGEST_SHOWN] + "…"
    return f'{path}["{shown}"]'
