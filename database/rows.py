"""Rows that come as JSON, out of functions of the database that answer several at once."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm.instrumentation import manager_of_class

from database.base import Base

Row = TypeVar("Row", bound=Base)


def build_row(model: type[Row], said: Mapping[str, Any]) -> Row:
    """An object out of what row_to_json says of its row. It belongs to no session, so nothing that
    becomes of it is written by one. Filled as the ORM fills what it has loaded: its constructor
    would tell of each attribute that it has changed."""
    row: Row = manager_of_class(model).new_instance()
    vars(row).update((name, read(said[name])) for name, read in _readers(model) if name in said)
    return row


@cache
def _readers(model: type[Base]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple(
        (name, _reader(column.type.python_type)) for name, column in inspect(model).columns.items()
    )


def _reader(kind: type) -> Callable[[Any], Any]:
    """From JSON to what the ORM has in a column of this type."""
    if kind is UUID:
        return lambda value: value and UUID(value)
    if issubclass(kind, date):  # so is datetime
        return lambda value: value and kind.fromisoformat(value)
    return lambda value: value
