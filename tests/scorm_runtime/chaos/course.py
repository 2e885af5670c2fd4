"""What is played: one SCO of SCORM 1.2, and a SCORM 2004 course whose rules show a request that ran
twice (limits of attempts, a skipped part, a part that goes on by itself)."""

from pathlib import Path
from uuid import UUID

from database.session import transaction
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.storage.local import LocalStorage
from tests.scorm_runtime.courses import make_course
from tests.scorm_runtime.playing import make_item, make_package

SCRIPT = (Path(__file__).parent / "sco.js").read_text()
PAGE = f"<!doctype html><html lang=en><title>SCO</title><h1>A SCO</h1><script>{SCRIPT}</script>"
_RULE = (
    '<imsss:{kind}ConditionRule><imsss:ruleConditions><imsss:ruleCondition condition="{on}"/>'
    '</imsss:ruleConditions><imsss:ruleAction action="{action}"/></imsss:{kind}ConditionRule>'
)


def _sequencing(rules: str = "", limits: str = "", objectives: str = "") -> str:
    inner = f"<imsss:sequencingRules>{rules}</imsss:sequencingRules>" if rules else ""
    return f"<imsss:sequencing>{inner}{limits}{objectives}</imsss:sequencing>"


_SHARED = (
    '<imsss:objectives><imsss:primaryObjective objectiveID="P"><imsss:mapInfo '
    'targetObjectiveID="shared" readSatisfiedStatus="{read}" writeSatisfiedStatus="{write}"/>'
    "</imsss:primaryObjective></imsss:objectives>"
)
PARTS = {
    "A1": _sequencing(objectives=_SHARED.format(read="false", write="true")),
    "A2": _sequencing(limits='<imsss:limitConditions attemptLimit="4"/>'),
    "A3": _sequencing(
        _RULE.format(kind="pre", on="satisfied", action="skip"),
        objectives=_SHARED.format(read="true", write="false"),
    ),
    "A4": _sequencing(_RULE.format(kind="post", on="satisfied", action="continue")),
    "A5": _sequencing(_RULE.format(kind="post", on="completed", action="previous")),
    "A6": "",
}


def make_courses(tenant: UUID, storage: LocalStorage) -> dict[str, UUID]:
    """The packages' ids by standard."""
    found = {
        "scorm_1_2": make_package(tenant, make_item(), storage=storage),
        "scorm_2004": make_course(tenant, PARTS, storage=storage),
    }
    with transaction(tenant) as session:
        for package_id in found.values():
            package = session.get_one(Package, package_id)
            version = session.get_one(PackageVersion, package.current_version_id)
            storage.delete_prefix(f"{version.storage_prefix}")
            storage.put(f"{version.storage_prefix}sco.html", [PAGE.encode()])
    return found
