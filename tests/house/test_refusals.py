"""What services refuse with is known to the catalogues."""

import ast
from collections.abc import Iterator
from pathlib import Path

from lti_app import errors, refusals
from lti_app.core.worded import Worded
from lti_app.services.grade_alerts import LimitInvalid
from lti_app.services.grade_services import SettingsInvalid

ROOT = Path(__file__).parents[2]
SHOWN = {
    *(kind for kind in errors.NAMED if kind.__module__.startswith("lti_app.")),
    *(SettingsInvalid, LimitInvalid),
}


def raised() -> Iterator[tuple[str, ast.Call]]:
    """Each `raise Name(…)` of a refusal that people read, with its file."""
    names = {kind.__name__ for kind in SHOWN | set(Worded.__subclasses__())} - {"TenantMissing"}
    for layer in ("core", "services"):
        for path in sorted((ROOT / "lti_app" / layer).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                call = node.exc if isinstance(node, ast.Raise) else None
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in names:
                    yield f"{path.name}:{node.lineno}", call


def test_each_sentence_of_a_refusal_can_be_translated():
    """A sentence made of parts, or one that no table names, would stay English for ever."""
    known = {str(one) for one in refusals.SENTENCES}
    unknown = []
    for place, call in raised():
        said = [one for one in call.args if not _is_field(one)]
        for one in said:
            if isinstance(one, ast.JoinedStr):
                unknown.append(place)
            if isinstance(one, ast.Constant) and one.value not in known:
                unknown.append(f"{place}: {one.value!r}")
    assert unknown == []


def _is_field(argument: ast.expr) -> bool:
    """The first argument of some: a field's name."""
    return isinstance(argument, ast.Constant) and " " not in str(argument.value)
