"""JSON as xAPI wants it, and the very text of each statement. XP-20

Two readers. orjson is quick and refuses NaN, lone surrogates, bad UTF-8 and deep nesting, but keeps
the last of two equal keys and rounds long integers. So its answer is trusted when writing it out
again gives back the bytes that came in (what JSON.stringify and most SDKs send); otherwise the
standard library reads the text again, slower, looking at every key and keeping every digit.
"""

import json
from dataclasses import dataclass
from typing import Any

import orjson

from xapi_lrs.core.errors import MalformedJson
from xapi_lrs.core.problems import JsonObject

_DEEPEST = "nested too deeply: at most 250 levels"
_BLANK = " \t\n\r"


@dataclass(frozen=True, slots=True)
class Received:
    """One statement of a request."""

    value: Any
    """As parsed; not yet validated, so not necessarily an object."""
    text: str
    """Exactly the characters that were sent."""


def parse_json(body: bytes) -> Any:
    """The value of a strict JSON text. Raises MalformedJson."""
    quick = _read_quickly(body)
    if orjson.dumps(quick) == body:
        return quick
    return _decode(body.decode(), _decoder())


def parse_statements(body: bytes) -> tuple[list[Received], bool]:
    """The statements of a POST body, each with its own text, and whether they came in an array."""
    quick = _read_quickly(body)
    is_batch = type(quick) is list
    if orjson.dumps(quick) == body:
        members = quick if is_batch else [quick]
        return [Received(value, orjson.dumps(value).decode()) for value in members], is_batch
    text = body.decode()
    if is_batch:
        return list(_split_array(text)), True
    return [Received(_decode(text, _decoder()), text.strip(_BLANK))], False


def dump_json(value: Any) -> str:
    """Compact JSON; long integers keep their digits."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load_json(text: str) -> Any:
    """Text that this store has checked before."""
    return json.loads(text)


def _read_quickly(body: bytes) -> Any:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedJson(f"not valid JSON: {error}") from None
    try:
        orjson.dumps(value)
    except TypeError:
        raise MalformedJson(_DEEPEST) from None
    return value


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=_refuse_duplicates)


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> JsonObject:
    read = dict(pairs)
    if len(read) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise MalformedJson(f"the key {twice[:100]!r} stands twice in the same object")
    return read


def _decode(text: str, decoder: json.JSONDecoder) -> Any:
    try:
        return decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise MalformedJson(f"not valid JSON: {error}") from None


def _split_array(text: str) -> Any:
    """The members of a JSON array with the slice each came from; `text` is known to be one."""
    decoder, position = _decoder(), text.index("[") + 1
    while True:
        while text[position] in _BLANK or text[position] == ",":
            position += 1
        if text[position] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            raise MalformedJson(f"not valid JSON: {error}") from None
        yield Received(value, text[position:end])
        position = end
