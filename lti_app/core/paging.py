"""Answers in pages: the next page's address, and parameters of the first.

Source: RFC 8288 (Link header); LTI-NRPS-4 to LTI-NRPS-6.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))*)")
_RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


def find_link(header: str, relation: str) -> str | None:
    """The address with this relation in a Link header; None where there is none that we read."""
    for link in _LINK.finditer(header):
        said = _RELATION.search(link[2])
        words = (said[1] or said[2] or "").lower().split() if said else []
        if relation in words and link[1]:
            return link[1]
    return None


def stays(before: str, after: str) -> bool:
    """Whether a next page is at the same origin as the one before; our token goes nowhere else."""
    old, new = urlsplit(before), urlsplit(after)
    return (old.scheme, old.netloc.lower()) == (new.scheme, new.netloc.lower())


def add_query(url: str, **values: str | int | None) -> str:
    """`url` with more parameters; those it has are kept (LTI-NRPS-4)."""
    parts = urlsplit(url)
    more = [(name, str(value)) for name, value in values.items() if value is not None]
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *more]
    return urlunsplit(parts._replace(query=urlencode(pairs)))
