"""What an item declares: right responses, what values are worth, how much it gives at most."""

from typing import Any

from content.core.quiz.exchange.report import NotTaken


class Response:
    """A response declaration: what is right, and what each value is worth."""

    def __init__(self, root: Any, interaction: Any) -> None:
        name = interaction.get("responseIdentifier", "")
        found = [
            one for one in root.iterfind("responseDeclaration") if one.get("identifier") == name
        ]
        if not found:
            raise NotTaken("the response “%(name)s” is not declared", name=name)
        self.is_single = found[0].get("cardinality") == "single"
        self.base = found[0].get("baseType", "")
        values = found[0].iterfind("correctResponse/value")
        self.right = [value for one in values if (value := "".join(one.itertext()).strip())]
        self.entries = list(found[0].iterfind("mapping/mapEntry"))
        self.worth = {
            " ".join(one.get("mapKey", "").split()): read_float(one.get("mappedValue"))
            for one in self.entries
        }
        mapping = found[0].find("mapping")
        self.most = None if mapping is None else mapping.get("upperBound")
        self.is_mapped = bool(self.worth) and (_is_mapped(root) or not self.right)


def _is_mapped(root: Any) -> bool:
    processing = root.find("responseProcessing")
    if processing is None:
        return False
    return "map_response" in processing.get("template", "") or (
        processing.find(".//mapResponse") is not None
    )


def read_float(text: Any) -> float:
    """Raises NotTaken with the text."""
    try:
        return float(text)
    except (TypeError, ValueError):
        raise NotTaken("“%(value)s” is no number", value=text) from None


def find_points(root: Any, default: float = 1.0) -> float:
    """What the item gives at most: MAXSCORE, the maximum of SCORE, or the largest that is set."""
    for one in root.iterfind("outcomeDeclaration"):
        value = one.find("defaultValue/value")
        if one.get("identifier") == "MAXSCORE" and value is not None:
            return read_float(value.text)
    for one in root.iterfind("outcomeDeclaration"):
        if one.get("identifier") == "SCORE" and one.get("normalMaximum"):
            return read_float(one.get("normalMaximum"))
    path = ".//setOutcomeValue[@identifier='SCORE']/baseValue"
    most = max((read_float(one.text) for one in root.iterfind(path)), default=0.0)
    return most if most > 0 else default
