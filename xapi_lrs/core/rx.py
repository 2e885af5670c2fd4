r"""The written forms of the values in a statement (xAPI 1.0.3 Data 4; 2.0 4.2.7), as patterns.

All are used with `fullmatch`, so none ends in `$` (which would let a newline through). `\d++` gives
no digit back: five million of them cost no second look.
"""

import re

from xapi_lrs.core.memory import remember

IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f]+")
"""RFC 3987 as far as it matters: a scheme, then no blank or delimiter; any script. XP-37"""

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""RFC 4122 3: 36 characters, dashes, any case. No braces, no urn:uuid:. XP-38"""

MAILTO = re.compile(r"mailto:[^\s@<>]+@[^\s@<>]+")
"""XP-39"""

SHA1 = re.compile(r"[0-9a-fA-F]{40}")

SHA2 = re.compile(r"(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})")
"""SHA-224, 256, 384 or 512 as hex digits. XP-31"""

MEDIA_TYPE = re.compile(
    r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+/[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
    r"(?:[ \t]*;[^\x00-\x08\x0a-\x1f\x7f]*)?"
)
"""RFC 7231 3.1.1.1: type/subtype, then parameters of any kind, on one line."""

TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:[.,]\d++)?"
    r"(?:[Zz]|(?!-00(?::?00)?\Z)[+-]\d{2}(?::?\d{2})?)?"
)
"""RFC 3339 5.6 and the ISO 8601 forms that 1.0.3 clients send; a negative zero offset is refused.
XP-11"""

DURATION = re.compile(
    r"P(?:\d++(?:[.,]\d++)?W"
    r"|(?=\d|T)(?:\d++(?:[.,]\d++)?Y)?(?:\d++(?:[.,]\d++)?M)?(?:\d++(?:[.,]\d++)?D)?"
    r"(?:T(?=\d)(?:\d++(?:[.,]\d++)?H)?(?:\d++(?:[.,]\d++)?M)?(?:\d++(?:[.,]\d++)?S)?)?)"
)
"""ISO 8601:2004 4.4.3.2; the alternative format (4.4.3.3) must not be used. XP-34"""

_LANGUAGE_TAG = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})"
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+)"
)
"""RFC 5646 2.1, lower-cased."""

_GRANDFATHERED = frozenset(
    (
        *("en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux"),
        *("i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl"),
        *("sgn-ch-de", "art-lojban", "cel-gaulish", "no-bok", "no-nyn", "zh-guoyu", "zh-hakka"),
        *("zh-min", "zh-min-nan", "zh-xiang"),
    )
)

VERSION = re.compile(r"(?P<family>1\.0|2\.0)(?:\.\d+)?")
"""Of a request's X-Experience-API-Version and of a statement's `version`. XP-12"""

INTERACTION_TYPES = frozenset(
    (
        *("true-false", "choice", "fill-in", "long-fill-in", "matching"),
        *("performance", "sequencing", "likert", "numeric", "other"),
    )
)

COMPONENT_LISTS = {
    "choices": ("choice", "sequencing"),
    "scale": ("likert",),
    "source": ("matching",),
    "target": ("matching",),
    "steps": ("performance",),
}
"""Which interaction types have which lists of components (1.0.3 Data 2.4.4.1)."""


@remember(8192)
def is_iri(text: str) -> bool:
    """Cached: verbs, activity types and extension keys repeat for ever."""
    return IRI.fullmatch(text) is not None


@remember(4096)
def is_language_tag(text: str) -> bool:
    """Well-formed by RFC 5646 2.2.9: grammar, no variant and no singleton twice. XP-36"""
    tag = text.lower()
    match = _LANGUAGE_TAG.fullmatch(tag)
    if match is None:
        return tag in _GRANDFATHERED
    variants = (match["variants"] or "").split("-")[1:]
    singletons = [part for part in (match["extensions"] or "").split("-")[1:] if len(part) == 1]
    return len(set(variants)) == len(variants) and len(set(singletons)) == len(singletons)


def is_uuid(text: str) -> bool:
    return UUID.fullmatch(text) is not None


def is_mailto(text: str) -> bool:
    return MAILTO.fullmatch(text) is not None


def is_sha1(text: str) -> bool:
    return SHA1.fullmatch(text) is not None


def is_sha2(text: str) -> bool:
    return SHA2.fullmatch(text) is not None


def is_media_type(text: str) -> bool:
    return MEDIA_TYPE.fullmatch(text) is not None


def is_duration(text: str) -> bool:
    return DURATION.fullmatch(text) is not None
