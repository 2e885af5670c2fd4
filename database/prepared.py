"""Statements that each connection plans once: `statement.execution_options(**PREPARED)`.

For those that many requests pay for: PostgreSQL spends more time on planning a look-up by key than
on the look-up. A connection is told such a statement at its first use (PREPARE) and only its values
from then on (EXECUTE). Fit for statements whose plan does not hang on the values.

Cost: each statement keeps its plan in each connection, and between us and PostgreSQL there may be
no pooler that gives a session's transactions to different connections.
"""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event

_OPTION = "lectern_prepared"
PREPARED = {_OPTION: True}
"""Execution options."""
_KNOWN = "lectern.prepared"
_AS_IT_IS = {"no_parameters": True}
_PLACE = re.compile(r"%\((\w+)\)s")


def init_engine(engine: Engine) -> None:
    """Statements with PREPARED are prepared on the connections of `engine`."""
    event.listen(engine, "before_cursor_execute", _prepare, retval=True)


def _prepare(
    connection: Connection,
    _cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    _is_many: bool,
) -> tuple[str, Any]:
    if context is None or _OPTION not in context.execution_options:
        return statement, parameters
    name, definition, call = prepared(statement)
    known = connection.info.setdefault(_KNOWN, set())
    if name not in known:
        connection.exec_driver_sql(definition, execution_options=_AS_IT_IS)
        known.add(name)
    return call, parameters


def prepare(info: dict[Any, Any], cursor: Any, statement: str) -> str:
    """What to say instead of `statement` to a connection of the driver that is used without
    SQLAlchemy; `info` is the pool's of that connection. Raises the driver's errors."""
    name, definition, call = prepared(statement)
    known = info.setdefault(_KNOWN, set())
    if name not in known:
        cursor.execute(definition)
        known.add(name)
    return call


class Prepared(NamedTuple):
    name: str
    definition: str
    """What tells a connection of it, once."""
    call: str


@lru_cache(512)
def prepared(statement: str) -> Prepared:
    """How `statement` is told and called: `%(key)s` of the driver becomes `$1`."""
    names = list(dict.fromkeys(_PLACE.findall(statement)))
    name = f"lectern_{sha256(statement.encode()).hexdigest()[:32]}"
    body = _PLACE.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%")
    values = ", ".join(f"%({one})s" for one in names)
    call = f"EXECUTE {name} ({values})" if values else f"EXECUTE {name}"
    return Prepared(name, f"PREPARE {name} AS {body}", call)
