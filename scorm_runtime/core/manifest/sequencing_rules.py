"""`<imsss:sequencingRules>` and `<imsss:rollupRules>` as JSON (CAM 4th Ed. 5.1.3, 5.1.5)."""

from typing import Any

from lxml import etree

from scorm_runtime.core.manifest.elements import child, children
from scorm_runtime.core.manifest.sequencing_values import Values

ACTIONS = {
    "pre": ("skip", "disabled", "hiddenFromChoice", "stopForwardTraversal"),
    "exit": ("exit",),
    "post": ("exitParent", "exitAll", "retry", "retryAll", "continue", "previous"),
}
ROLLUP_ACTIONS = ("satisfied", "notSatisfied", "completed", "incomplete")
CHILD_SETS = ("all", "any", "none", "atLeastCount", "atLeastPercent")
ROLLUP_CONDITIONS = (
    "satisfied",
    "objectiveStatusKnown",
    "objectiveMeasureKnown",
    "completed",
    "activityProgressKnown",
    "attempted",
    "attemptLimitExceeded",
    "timeLimitExceeded",
    "outsideAvailableTimeRange",
    "never",
)
CONDITIONS = (
    *ROLLUP_CONDITIONS[:-1],
    "objectiveMeasureGreaterThan",
    "objectiveMeasureLessThan",
    "always",
)
_OPERATORS = ("not", "noOp")
_ELEMENTS = {
    "pre": "preconditionrule",
    "exit": "exitconditionrule",
    "post": "postconditionrule",
}


def read_rules(element: etree._Element | None, values: Values) -> dict[str, list[dict[str, Any]]]:
    """The three lists of sequencing rules, each in document order."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ACTIONS}
    if element is None:
        return found
    for kind, name in _ELEMENTS.items():
        for rule in children(element, name):
            action = values.word(child(rule, "ruleaction"), "action", ACTIONS[kind], "")
            if not action:
                values.note(rule, "a rule without action was left out")
                continue
            conditions = child(rule, "ruleconditions")
            combination = values.word(conditions, "conditionCombination", ("all", "any"), "all")
            found[kind].append(
                {
                    "combination": combination,
                    "conditions": _conditions(conditions, values),
                    "action": action,
                }
            )
    return found


def read_rollup_rules(element: etree._Element | None, values: Values) -> list[dict[str, Any]]:
    """Roll-up rules in document order; their conditions combine by "any" by default (ST-03)."""
    found = []
    for rule in [] if element is None else children(element, "rolluprule"):
        action = values.word(child(rule, "rollupaction"), "action", ROLLUP_ACTIONS, "")
        if not action:
            values.note(rule, "a roll-up rule without action was left out")
            continue
        conditions = child(rule, "rollupconditions")
        combination = values.word(conditions, "conditionCombination", ("all", "any"), "any")
        found.append(
            {
                "child_set": values.word(rule, "childActivitySet", CHILD_SETS, "all"),
                "minimum_count": values.whole(rule, "minimumCount") or 0,
                "minimum_percent": values.number(rule, "minimumPercent", 0.0, 0, 1),
                "combination": combination,
                "conditions": _rollup_conditions(conditions, values),
                "action": action,
            }
        )
    return found


def _conditions(element: etree._Element | None, values: Values) -> list[dict[str, Any]]:
    found = []
    for one in [] if element is None else children(element, "rulecondition"):
        condition = values.word(one, "condition", CONDITIONS, "")
        if not condition:
            values.note(one, "a condition without a known name was left out")
            continue
        found.append(
            {
                "condition": condition,
                "negated": values.word(one, "operator", _OPERATORS, "noOp") == "not",
                "objective": values.identifier(one, "referencedobjective"),
                "threshold": values.number(one, "measureThreshold", 0.0, -1, 1),
            }
        )
    return found


def _rollup_conditions(element: etree._Element | None, values: Values) -> list[dict[str, Any]]:
    found = []
    for one in [] if element is None else children(element, "rollupcondition"):
        condition = values.word(one, "condition", ROLLUP_CONDITIONS, "")
        if not condition:
            values.note(one, "a roll-up condition without a known name was left out")
            continue
        negated = values.word(one, "operator", _OPERATORS, "noOp") == "not"
        found.append({"condition": condition, "negated": negated})
    return found
