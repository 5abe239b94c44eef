"""Rows of the unit of work, built from columns that a prepared query returned."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from cop.base.db import Base, Model, db


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
