"""What the player is told of an attempt, as JSON; the shapes that `static/player/` reads."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from scorm_runtime.core.contents import Contents
from scorm_runtime.core.run import Run, Sco
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.attempts import find_obstacle_of


def describe(session: Session, attempt: Attempt, run: Run) -> dict[str, Any]:
    """Where the attempt stands."""
    return {
        "acknowledged": attempt.applied_entry,
        "number": attempt.last_commit_number,
        "writer": attempt.writer,
        "standing": {
            "completion": attempt.completion,
            "success": attempt.success,
            "score": attempt.score_scaled,
        },
        "items": {name: _describe_sco(sco) for name, sco in run.scos.items()},
        "front": run.delivery if run.current and not run.ended else 0,
        "ended": run.ended,
        "state": attempt.state,
        "again": not find_obstacle_of(session, attempt),
        "nav": run.nav(),
        "navigation": attempt.last_navigation,
    }


def describe_delivery(run: Run) -> dict[str, Any] | None:
    """The item in front with all its values, for the bridge; None when nothing is in front."""
    item = None if run.ended else run.contents.find(run.current)
    if item is None:
        return None
    sco = run.scos[item.identifier]
    return {
        "number": run.delivery,
        "item": item.identifier,
        "title": item.title,
        "kind": item.kind,
        "href": item.href,
        "launch": dict(sco.launch_values()),
        "values": dict(sco.state.values),
        "nav": run.nav(),
    }


def describe_contents(contents: Contents) -> list[dict[str, Any]]:
    """The contents list: the organization first, then what the manifest shows of its items."""
    root = {
        "item": contents.root,
        "title": contents.root_title or contents.title,
        "kind": "root",
        "level": 0,
    }
    lines = [
        {"item": item.identifier, "title": item.title, "kind": item.kind, "level": item.level + 1}
        for item in contents.items
        if item.is_visible
    ]
    return [root, *lines] if contents.root else lines


def _describe_sco(sco: Sco) -> Mapping[str, str]:
    result = sco.result()
    return {"completion": result.completion, "success": result.success}
