"""A version tried by whoever may publish it: an attempt in a place of its own for each version.

It is played as any other, and its call log is kept until it is removed; but it comes to nothing: no
statement, no grade, no line in a report. Nothing is brought along from other courses and nothing is
left to them (`Course.alone`).
"""

from uuid import UUID

PREVIEW = "preview"
"""The place's kind, and what a player token names instead of a launch."""
_PREFIX = f"{PREVIEW}:"


def name_preview(version_id: UUID) -> str:
    """`attempt.context_key` of previews of a version."""
    return f"{_PREFIX}{version_id}"


def is_preview(context_key: str) -> bool:
    """Whether an attempt in this place is a preview."""
    return context_key.startswith(_PREFIX)
