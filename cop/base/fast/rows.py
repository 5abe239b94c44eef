"""Rows of the unit of work, built from columns that a prepared query returned."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from sqlalchemy import bindparam, insert, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from cop.base.db import Base, Model, db
from cop.base.fast.prepared import PreparedQuery


def attach_row(model: type[Model], fields: dict[str, Any]) -> Model:
    """A row that the database has, by its columns, as an object of the running session, or the one that is there
    already. SQLAlchemy's own ways take as long as all else that a verb asks."""
    before = db.session.identity_map.get(identity_key(model, fields["id"]))
    if before is not None:
        return cast(Model, before)
    row: Model = inspect(model).class_manager.new_instance()  # type: ignore[assignment]
    row.__dict__.update(fields)
    make_transient_to_detached(row)
    db.session.add(row)
    return row


def columns_of(row: Base) -> dict[str, Any]:
    """The columns of a row as it was read, by their attributes."""
    return {name: row.__dict__[name] for name in inspect(type(row)).columns.keys()}  # noqa: SIM118  # of a collection


@cache
def _inserts(model: type[Base]) -> list[tuple[list[tuple[str, Any]], PreparedQuery]]:
    """The tables of a model from the root down, with their columns by attribute and the statement that inserts."""
    mapper = inspect(model)
    made = []
    for table in mapper.tables:
        generated = table is mapper.tables[0] and [column.key for column in table.primary_key] == ["id"]
        columns = [c for c in table.c if not (generated and c.primary_key)]
        named = [(mapper.get_property_by_column(c).key, c) for c in columns]
        statement = insert(table).values({c.key: bindparam(c.key, type_=c.type) for c in columns})
        made.append((named, PreparedQuery(statement.returning(table.c.id) if generated else statement)))
    return made


def insert_row(row: Base) -> None:
    """Insert a new object, in the running transaction, and make it part of the session.

    SQLAlchemy's unit of work takes longer for the rows of a reply than all else that a reply takes.
    """
    fields, mapper = row.__dict__, inspect(type(row))
    if mapper.polymorphic_on is not None:
        fields[mapper.get_property_by_column(mapper.polymorphic_on).key] = mapper.polymorphic_identity
    for named, query in _inserts(type(row)):
        given = {}
        for name, column in named:
            value, default = fields.get(name), cast(Any, column.default)
            if value is None and default is not None:
                value = default.arg(None) if default.is_callable else default.arg
            given[column.key] = fields[name] = value
        if "id" in given or "id" not in mapper.columns:
            query.run(**given)
        else:
            fields["id"] = query.first(**given).id
    make_transient_to_detached(row)
    db.session.add(row)
