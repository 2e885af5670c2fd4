"""Declarations and response processing of the items that we write."""

from typing import Any

from content.core.quiz.exchange.qti_tree import make


def make_outcome(
    name: str, base: str, value: str | None = None, cardinality: str = "single"
) -> Any:
    """An outcome, with the value that it has at first."""
    default = [] if value is None else [make("defaultValue", make("value", value))]
    return make(
        "outcomeDeclaration", *default, identifier=name, cardinality=cardinality, baseType=base
    )


def make_response(
    name: str,
    cardinality: str,
    base: str,
    right: list[str],
    worth: dict[str, float] | None = None,
    *,
    is_exact: bool | None = None,
    most: float | None = None,
) -> Any:
    """`worth`: points of each value."""
    made = make("responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
    if right:
        made.append(make("correctResponse", *(make("value", one) for one in right)))
    if worth is not None:
        bounds = {} if most is None else {"lowerBound": "0", "upperBound": f"{most:.10g}"}
        case = {} if is_exact is None else {"caseSensitive": "true" if is_exact else "false"}
        entries = [
            make("mapEntry", mapKey=key, mappedValue=f"{value:.10g}", **case)
            for key, value in worth.items()
        ]
        made.append(make("mapping", *entries, defaultValue="0", **bounds))
    return made


def set_score(expression: Any) -> Any:
    """SCORE is what the expression gives."""
    return make("setOutcomeValue", expression, identifier="SCORE")


def make_points(value: float) -> Any:
    """A number of points."""
    return make("baseValue", f"{value:.10g}", baseType="float")


def when_right(points: float) -> Any:
    """All points where the response is the right one."""
    compared = make("match", make_variable("RESPONSE"), make("correct", identifier="RESPONSE"))
    return make("responseCondition", make("responseIf", compared, set_score(make_points(points))))


def make_variable(name: str) -> Any:
    """The value of a variable."""
    return make("variable", identifier=name)


def by_mapping(name: str = "RESPONSE") -> Any:
    """The score is what the mapping gives."""
    return set_score(make("mapResponse", identifier=name))
