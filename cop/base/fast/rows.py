"""Model objects without SQLAlchemy's unit of work: inserted, attached, found and updated directly."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple, cast

from sqlalchemy import Column, ColumnElement, Table, bindparam, insert, inspect
from sqlalchemy.orm import Mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.util import identity_key

from cop.base.db import Base, Model, current_session
from cop.base.fast.prepared import PreparedWrite


def loaded_row(model: type[Model], id: int) -> Model | None:
    """Return the row with this id if the session has it, without a query."""
    found: Model | None = current_session().identity_map.get(identity_key(model, id))
    return found


def attach_row(model: type[Model], fields: dict[str, Any]) -> Model:
    """Return a row of the database as an object of the session, made from its columns; or the one that is there.

    SQLAlchemy's own way takes as long as all other queries of a verb.
    """
    before = loaded_row(model, fields["id"])
    if before is not None:
        return before
    row: Model = inspect(model).class_manager.new_instance()  # type: ignore[assignment]
    row.__dict__.update(fields)
    _attach(row)
    return row


def columns_of(row: Base) -> dict[str, Any]:
    """Return the columns of a row as it was read, by attribute."""
    fields = row.__dict__
    return {name: fields[name] for name in _column_names(type(row))}


@cache
def _column_names(model: type[Base]) -> list[str]:
    return [name for name, column in inspect(model).columns.items() if isinstance(column, Column)]


def set_loaded(row: Base, name: str, value: Any) -> None:
    """Set an attribute to what the database already has: the session sees no change and writes nothing."""
    set_committed_value(row, name, value)


class _Value(NamedTuple):
    """A column that an insert fills: its attribute, its parameter and its default."""

    attribute: str
    key: str
    default: Callable[[], Any]


class _Insert(NamedTuple):
    """The insert into one table of a model."""

    statement: PreparedWrite[Any]
    values: list[_Value]


@cache
def _inserts(model: type[Base]) -> list[_Insert]:
    """Return the inserts of a model, one per table: that of its base table first, which makes the id if it has one."""
    mapper = inspect(model)
    makes_id = "id" in mapper.columns
    inserts: list[_Insert] = []
    for table in mapper.tables:
        columns = [column for column in table.c if inserts or not (makes_id and column.primary_key)]
        statement = insert(cast(Table, table)).values({c.key: bindparam(c.key, type_=c.type) for c in columns})
        values = [
            _Value(mapper.get_property_by_column(c).key, c.key, _default(c, mapper))
            for c in columns
            if not (makes_id and c.primary_key)
        ]
        returns = makes_id and not inserts
        inserts.append(
            _Insert(PreparedWrite(statement.returning(table.c.id) if returns else statement, changes=""), values)
        )
    return inserts


def _default(column: ColumnElement[Any], mapper: Mapper[Any]) -> Callable[[], Any]:
    if column is mapper.polymorphic_on:
        return lambda: mapper.polymorphic_identity
    default: Any = getattr(column, "default", None)  # SQLAlchemy types neither its kinds nor their value
    if default is None:
        return lambda: None
    return partial(default.arg, None) if default.is_callable else lambda: default.arg


def fill(row: Base, **values: Any) -> None:
    """Set attributes of a new row that `insert_row` will insert; SQLAlchemy need not follow each of them."""
    row.__dict__.update(values)


def insert_values(model: type[Base], **values: Any) -> None:
    """Insert a row of a model without an `id` in the running transaction, without making an object of it."""
    for statement, columns in _inserts(model):
        statement.run(**{key: values[name] if name in values else default() for name, key, default in columns})


def insert_row(row: Base) -> None:
    """Insert a new row in the running transaction and add it to the session.

    A primary key `id` is made by the database; of a joined-table model every table is filled. SQLAlchemy's
    unit of work takes longer for the two rows of a post than a reply takes in all.
    """
    fields: dict[str, Any] = row.__dict__
    for statement, values in _inserts(type(row)):
        given = {}
        for attribute, key, default in values:
            value = fields.get(attribute)
            if value is None:
                value = fields[attribute] = default()
            given[key] = value
        if "id" not in type(row).__mapper__.columns:
            statement.run(**given)
        elif (id := fields.get("id")) is None:
            fields["id"] = statement.rows(**given)[0][0]
        else:
            statement.run(**given, id=id)
    _attach(row)


def _attach(row: Base) -> None:
    """Add a row that the database has to the session.

    `Session.add` would visit all that is related to it too, of which nothing is new: that takes three times as long.
    """
    make_transient_to_detached(row)
    current_session()._update_impl(instance_state(row))  # a private name of SQLAlchemy
