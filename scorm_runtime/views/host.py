"""What the run-time needs from the application that hosts it: one object, wired once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.tokens import PlayerToken

Tone = Literal["success", "info", "warning", "danger", "secondary"]


@dataclass(frozen=True)
class Learner:
    """Who plays: `name` is "Family, Given" as cmi.core.student_name wants it."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Chip:
    """A short word for the player's bar on what became of the grade."""

    text: str
    tone: Tone = "secondary"
    final: bool = False
    """Nothing more is going to change by itself: the player stops asking."""


@dataclass(frozen=True)
class Host:
    """Callbacks get the open session of the tenant; they never commit."""

    transaction: Callable[[UUID], AbstractContextManager[Session]]
    """Opens one transaction of a tenant; commits at its end."""
    secret_key: str
    """Signs player tokens."""
    token_lifetime: timedelta
    """How long a renewed token is good."""
    content_url: str
    """Origin of player and package files, without a slash at the end."""
    app_url: str
    """Origin of the application, without a slash at the end."""
    learner: Callable[[Session, UUID], Learner]
    is_let_in: Callable[[Session, PlayerToken], bool]
    """Whether the token's person may still come in, asked at each request: a token is no session
    that could be ended (PAIN-13 renews it for as long as it is used)."""
    on_outcome: Callable[[Session, Outcome], None]
    """Called inside the commit's transaction, only when the outcome changed or a communication
    session began or ended."""
    exit_url: Callable[[Session, PlayerToken], str]
    """Where Exit returns to."""
    frame_ancestors: Callable[[Session], list[str]]
    """Origins that may frame the player for this tenant (the application's own is added)."""
    status_chip: Callable[[Session, PlayerToken], Chip | None]
    """What became of the grade, asked after commits; None shows nothing."""
    grades_url: Callable[[Session, PlayerToken], str | None]
    """The link "Grades" for a teacher; None for learners. Content can read it, so it must not be
    enough to open what it leads to."""
    platform_window: Callable[[Session, PlayerToken], str] = lambda _session, _token: ""
    """JSON about the page around the player's frame (`static/player/platform_messages.js`); ""
    where nothing is to be said to it."""
